/** A layer that writes one line for each event, by a template for each callsite. */
import type { Line } from "../line.ts";
import type { Metadata } from "../metadata.ts";
import type { Filtered, Layer, OnEvent } from "../subscriber/layer.ts";
import type { OutputOptions } from "./options.ts";
import type { SpanLines } from "./span-lines.ts";
import type { Writes } from "./template.ts";
import { targetOf } from "./writer.ts";

/** Makes something once for each callsite. */
export function remembered<T>(make: (metadata: Metadata) => T): (metadata: Metadata) => T {
  const known = new WeakMap<Metadata, T>();
  return (metadata) => {
    let made = known.get(metadata);
    if (made === undefined) known.set(metadata, (made = make(metadata)));
    return made;
  };
}

/** Makes the layer; `templateOf` is asked twice for each callsite, for its events inside of spans and for those outside. */
export function lineLayer(
  { writer, filter }: OutputOptions,
  templateOf: (metadata: Metadata, line: Line, inSpan: boolean) => Writes,
  spans?: SpanLines,
): Layer | Filtered {
  const { line, take } = targetOf(writer);
  const of = (metadata: Metadata): OnEvent => {
    let inside: Writes | undefined;
    let outside: Writes | undefined;
    return (event, context) => {
      // asked for once: the current span is dear where AsyncLocalStorage carries it
      const span = context.eventSpan(event);
      const template = span
        ? (inside ??= templateOf(metadata, line, true))
        : (outside ??= templateOf(metadata, line, false));
      const from = line.at;
      try {
        template.write(line, event, context, span);
        take(line, from, metadata);
      } finally {
        line.reset(from);
      }
    };
  };
  const known = remembered(of);
  const onEvent: OnEvent = (event, context) => known(event.metadata)(event, context);
  const layer: Layer = {
    keepsEvents: false,
    onRecord: (id, _, context) => spans?.forget(context.span(id)),
    onEvent: Object.assign(onEvent, { of }),
  };
  return filter ? { layer, filter } : layer;
}
