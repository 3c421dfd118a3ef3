/** Human-readable lines in Rust's full format: `TIME LEVEL span{field=value}: target: message field=value`. */
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { TextOptions } from "./head.ts";
import { DIM } from "./ansi.ts";
import { formatEvent, formatSpan } from "./fields.ts";
import { headOf } from "./head.ts";

export type { TextOptions } from "./head.ts";

/** A layer that writes one line of text per event. Nothing a value holds can start a second line. */
export function text(options: TextOptions = {}): Layer | Filtered {
  const { paint, write, start, origin } = headOf(options);
  // formatted fields of a span, until one is recorded; per output, because another may paint them
  const cache = new WeakMap<SpanData, string>();
  const spanText = (span: SpanData): string => {
    let text = cache.get(span);
    if (text === undefined) cache.set(span, (text = formatSpan(span, paint)));
    return text;
  };
  const layer: Layer = {
    onRecord(id, _, context) {
      cache.delete(context.span(id)!);
    },
    onEvent(event, context) {
      const { metadata } = event;
      let line = start(metadata);
      const scope = context.eventScope(event);
      for (let i = scope.length - 1; i >= 0; i--) line += spanText(scope[i]!) + paint(DIM, ":");
      if (scope.length > 0) line += " ";
      write(`${line}${origin(metadata)}${formatEvent(event, paint)}\n`, metadata);
    },
  };
  return options.filter ? { layer, filter: options.filter } : layer;
}
