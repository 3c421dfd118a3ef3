/** Several lines for each event, for people who develop, as Rust's pretty format; errors with stack and causes. */
import type { Event } from "../event.ts";
import type { Line } from "../line.ts";
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
import { writeField, writeValues } from "./fields.ts";
import { headOf } from "./head.ts";
import { lineLayer } from "./line-layer.ts";
import { TemplateBuilder } from "./template.ts";

/**
 * A layer that writes `TIME LEVEL target: message, field: value`, then on lines of their own the place, the stack of
 * each error once, and the spans from leaf to root; an empty line ends it. Values cannot start a line here either.
 */
export function pretty(options: TextOptions = {}): Layer | Filtered {
  const { paint, start, origin } = headOf(options);
  return lineLayer(options, (metadata, line, inSpan) => {
    const to = new TemplateBuilder(line, inSpan).add("  ");
    start(to, metadata);
    origin(to, { ...metadata, file: undefined });
    to.value((line, event) => writeEvent(line, event, paint));
    if (options.file !== false && metadata.file !== undefined) {
      to.add(`\n    ${paint(ITALIC, "at")} ${escape(placeOf(metadata))}`);
    }
    to.value((line, event) => writeStacks(line, event, paint));
    to.value((line, event, context) => {
      for (const span of context.eventScope(event)) writeSpan(line, span, paint, options.target !== false);
      return true;
    });
    return to.add("\n\n").build();
  });
}

function writeEvent(line: Line, event: Event, paint: Paint): true {
  const message = messageOf(event);
  let separator = "";
  if (message !== undefined) {
    line.raw(paint(levelColor[event.metadata.level], escape(message)));
    separator = ", ";
  }
  visitFields(event, (name, value) => {
    line.raw(separator);
    separator = ", ";
    writeField(line, event, name, value, paint, ": ");
  });
  return true;
}

function writeStacks(line: Line, event: Event, paint: Paint): true {
  const seen = new Set<unknown>();
  visitFields(event, (name, value) => {
    if (state.redacts?.(name)) return;
    for (const text of stackOf(value, seen)) line.raw(`\n    ${paint(DIM, text)}`);
  });
  return true;
}

function writeSpan(line: Line, span: SpanData, paint: Paint, target: boolean): void {
  const { metadata } = span;
  const name = `${target ? `${escape(metadata.target)}::` : ""}${paint(BOLD, escape(metadata.name))}`;
  line.raw(`\n    ${paint(ITALIC, "in")} ${name}`);
  const from = line.at;
  line.raw(` ${paint(ITALIC, "with")} `);
  if (!writeValues(line, span, paint, ": ", ", ")) line.reset(from);
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
