/** Short lines, as Rust's compact format: the names of the spans first, their fields at the end. */
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { TextOptions } from "./head.ts";
import { escape } from "../value.ts";
import { BOLD, DIM } from "./ansi.ts";
import { formatEvent, formatValues } from "./fields.ts";
import { headOf } from "./head.ts";

/** A layer that writes `TIME LEVEL span:span: target: message field=value span-field=value`. */
export function compact(options: TextOptions = {}): Layer | Filtered {
  const { paint, write, start, origin } = headOf(options);
  const layer: Layer = {
    onEvent(event, context) {
      const { metadata } = event;
      const scope = context.eventScope(event).toReversed();
      const names = scope.map(({ metadata }) => paint(BOLD, escape(metadata.name)) + paint(DIM, ":")).join("");
      const fields = scope.map((span) => formatValues(span, paint)).filter((text) => text !== "");
      const parts = [formatEvent(event, paint), ...fields.map((text) => paint(DIM, text))];
      write(`${start(metadata)}${names}${names && " "}${origin(metadata)}${parts.join(" ")}\n`, metadata);
    },
  };
  return options.filter ? { layer, filter: options.filter } : layer;
}
