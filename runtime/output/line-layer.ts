/** A layer that writes one line for each event, by a template for each callsite. */
import type { Line } from "../line.ts";
import type { Metadata } from "../metadata.ts";
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { OutputOptions } from "./options.ts";
import type { SpanLines } from "./span-lines.ts";
import type { Writes } from "./template.ts";
import { targetOf } from "./writer.ts";

/** Asks for a template once for each callsite. */
export function remembered(templateOf: (metadata: Metadata) => Writes): (metadata: Metadata) => Writes {
  const templates = new WeakMap<Metadata, Writes>();
  return (metadata) => {
    let template = templates.get(metadata);
    if (template === undefined) templates.set(metadata, (template = templateOf(metadata)));
    return template;
  };
}

/** Makes the layer; `templateOf` is asked twice for each callsite, for its events inside of spans and for those outside. */
export function lineLayer(
  { writer, filter }: OutputOptions,
  templateOf: (metadata: Metadata, line: Line, inSpan: boolean) => Writes,
  spans?: SpanLines,
): Layer | Filtered {
  const { line, take } = targetOf(writer);
  const inside = remembered((metadata) => templateOf(metadata, line, true));
  const outside = remembered((metadata) => templateOf(metadata, line, false));
  const layer: Layer = {
    keepsEvents: false,
    onRecord: (id, _, context) => spans?.forget(context.span(id)),
    onEvent(event, context) {
      const { metadata } = event;
      // asked for once: the current span is dear where AsyncLocalStorage carries it
      const span = context.eventSpan(event);
      const from = line.at;
      try {
        (span ? inside : outside)(metadata).write(line, event, context, span);
        take(line, from, metadata);
      } finally {
        line.reset(from);
      }
    },
  };
  return filter ? { layer, filter } : layer;
}
