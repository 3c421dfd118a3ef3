/** Several lines for each event, for people who develop, as Rust's pretty format; errors with stack and causes. */
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { Paint } from "./ansi.ts";
import type { TextOptions } from "./head.ts";
import { messageOf, visitFields } from "../event.ts";
import { isError } from "../field.ts";
import { placeOf } from "../metadata.ts";
import { describe } from "../report.ts";
import { state } from "../state.ts";
import { escape } from "../value.ts";
import { BOLD, DIM, ITALIC, levelColor } from "./ansi.ts";
import { formatField } from "./fields.ts";
import { headOf } from "./head.ts";

/**
 * A layer that writes `TIME LEVEL target: message, field: value`, then on lines of their own the place, the stack of
 * each error once, and the spans from leaf to root; an empty line ends it. Values cannot start a line here either.
 */
export function pretty(options: TextOptions = {}): Layer | Filtered {
  const { paint, write, start, origin } = headOf(options);
  const layer: Layer = {
    onEvent(event, context) {
      const { metadata } = event;
      const message = messageOf(event);
      const parts = message === undefined ? [] : [paint(levelColor[metadata.level], escape(message))];
      const below: string[] = [];
      if (options.file !== false && metadata.file !== undefined) {
        below.push(`${paint(ITALIC, "at")} ${escape(placeOf(metadata))}`);
      }
      const seen = new Set<unknown>();
      visitFields(event, (name, value) => {
        parts.push(formatField(event, name, value, paint, ": "));
        if (!state.redacts?.(name)) below.push(...stackOf(value, seen).map((line) => paint(DIM, line)));
      });
      below.push(...context.eventScope(event).map((span) => spanLine(span, paint, options.target !== false)));
      const head = `  ${start(metadata)}${origin({ ...metadata, file: undefined })}${parts.join(", ")}`;
      write([head, ...below.map((line) => `    ${line}`), "", ""].join("\n"), metadata);
    },
  };
  return options.filter ? { layer, filter: options.filter } : layer;
}

function spanLine(span: SpanData, paint: Paint, target: boolean): string {
  const fields: string[] = [];
  span.values.forEach((value, name) => fields.push(formatField(span, name, value, paint, ": ")));
  const { metadata } = span;
  const name = `${target ? `${escape(metadata.target)}::` : ""}${paint(BOLD, escape(metadata.name))}`;
  return `${paint(ITALIC, "in")} ${name}${fields.length > 0 ? ` ${paint(ITALIC, "with")} ${fields.join(", ")}` : ""}`;
}

const most = 100;

/** The stack of an error, of its causes and of what it aggregates, each error once. */
function stackOf(value: unknown, seen: Set<unknown>, label = ""): string[] {
  try {
    if (!isError(value) || seen.has(value) || seen.size >= most) return [];
    seen.add(value);
    const { stack, cause, errors } = value as Error & { readonly errors?: readonly unknown[] };
    const lines = typeof stack === "string" ? stack.split("\n").slice(0, most) : [describe(value)];
    return [
      ...lines.map((line, i) => (i === 0 ? `${label}${escape(line)}` : `  ${escape(line.trim())}`)),
      ...stackOf(cause, seen, "caused by: "),
      ...(Array.isArray(errors) ? errors.flatMap((error) => stackOf(error, seen, "one of: ")) : []),
    ];
  } catch {
    return [];
  }
}
