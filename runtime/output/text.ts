/** Human-readable lines in Rust's full format: `TIME LEVEL span{field=value}: target: message field=value`. */
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { TextOptions } from "./head.ts";
import { DIM } from "./ansi.ts";
import { addEvent, writeSpan } from "./fields.ts";
import { headOf } from "./head.ts";
import { lineLayer } from "./line-layer.ts";
import { SpanLines } from "./span-lines.ts";
import { TemplateBuilder } from "./template.ts";

export type { TextOptions } from "./head.ts";

/** A layer that writes one line of text per event. Nothing a value holds can start a second line. */
export function text(options: TextOptions = {}): Layer | Filtered {
  const { paint, start, origin } = headOf(options);
  const colon = paint(DIM, ":");
  const spans = new SpanLines((line, span) => {
    writeSpan(line, span, paint);
    line.raw(colon);
  });
  return lineLayer(
    options,
    (metadata, line, inSpan) => {
      const to = new TemplateBuilder(line, inSpan);
      start(to, metadata);
      if (inSpan) {
        to.value((line, _event, context, span) => {
          spans.writeScope(line, span!, context);
          return true;
        }).add(" ");
      }
      origin(to, metadata);
      addEvent(to, metadata, paint);
      return to.add("\n").build();
    },
    spans,
  );
}
