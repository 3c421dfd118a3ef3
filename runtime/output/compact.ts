/** Short lines, as Rust's compact format: the names of the spans first, their fields at the end. */
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { TextOptions } from "./head.ts";
import { escape } from "../value.ts";
import { around, BOLD, DIM } from "./ansi.ts";
import { addEvent, writeValues } from "./fields.ts";
import { headOf } from "./head.ts";
import { lineLayer } from "./line-layer.ts";
import { TemplateBuilder } from "./template.ts";

/** A layer that writes `TIME LEVEL span:span: target: message field=value span-field=value`. */
export function compact(options: TextOptions = {}): Layer | Filtered {
  const { paint, start, origin } = headOf(options);
  const [on, off] = around(paint, DIM);
  return lineLayer(options, (metadata, line, inSpan) => {
    const to = new TemplateBuilder(line, inSpan);
    start(to, metadata);
    to.value((line, event, context) => {
      const scope = context.eventScope(event);
      for (let i = scope.length - 1; i >= 0; i--) {
        line.raw(paint(BOLD, escape(scope[i]!.metadata.name)) + paint(DIM, ":"));
      }
      if (scope.length > 0) line.byte(0x20);
      return true;
    });
    origin(to, metadata);
    addEvent(to, metadata, paint);
    to.maybe("", (line, event, context) => {
      const start = line.at;
      for (const span of context.eventScope(event).toReversed()) {
        const from = line.at;
        if (from !== start) line.byte(0x20);
        line.raw(on);
        if (writeValues(line, span, paint)) line.raw(off);
        else line.reset(from);
      }
      return line.at !== start;
    });
    return to.add("\n").build();
  });
}
