/** Fields, spans and messages as text: what the text formats have in common. */
import type { Event } from "../event.ts";
import type { Line } from "../line.ts";
import type { Metadata } from "../metadata.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { Paint } from "./ansi.ts";
import type { TemplateBuilder } from "./template.ts";
import { visitFields } from "../event.ts";
import { isSet } from "../field.ts";
import { state } from "../state.ts";
import { escape, quote, sourcesOf, writeValue } from "../value.ts";
import { BOLD, DIM, ITALIC } from "./ansi.ts";
import { addMessage } from "./message.ts";

type Place = Pick<Event, "metadata">;

/** Adds `message field=value` of an event. */
export function addEvent(to: TemplateBuilder, metadata: Metadata, paint: Paint): void {
  const { layout } = metadata;
  to.sequence(" ");
  addMessage(to, metadata);
  if (layout.includes("...")) {
    to.maybe("", (line, event) => {
      const from = line.at;
      visitFields(event, (name, value) => {
        if (line.at !== from) line.byte(0x20);
        writeField(line, event, name, value, paint);
      });
      return line.at !== from;
    });
    return;
  }
  layout.forEach((name, at) => {
    if (name === "^" || name === "message") return;
    to.maybe(
      label(name, paint),
      (line, event) => {
        const value = event.values[at];
        if (!isSet(value)) return false;
        writeFieldValue(line, event, name, value, paint);
        return true;
      },
      at,
    );
  });
}

/** Writes `name{field=value}` of a span. */
export function writeSpan(line: Line, span: SpanData, paint: Paint): void {
  line.raw(paint(BOLD, escape(span.metadata.name)));
  const from = line.at;
  line.raw(paint(BOLD, "{"));
  if (writeValues(line, span, paint)) line.raw(paint(BOLD, "}"));
  else line.reset(from);
}

/** Writes `field=value field=value` of a span; whether there is one. */
export function writeValues(line: Line, span: SpanData, paint: Paint, equals = "=", separator = " "): boolean {
  const from = line.at;
  for (const [name, value] of span.values) {
    if (line.at !== from) line.raw(separator);
    writeField(line, span, name, value, paint, equals);
  }
  return line.at !== from;
}

/** Writes `field=value`, with the causes of an error. */
export function writeField(line: Line, place: Place, name: string, value: unknown, paint: Paint, equals = "="): void {
  line.raw(label(name, paint, equals));
  writeFieldValue(line, place, name, value, paint, equals);
}

function writeFieldValue(line: Line, place: Place, name: string, value: unknown, paint: Paint, equals = "="): void {
  writeValue(line, place, name, value, false);
  if (typeof value !== "object" || state.redacts?.(name)) return;
  const sources = sourcesOf(value);
  if (sources.length > 0) line.raw(` ${label(name, paint, equals, ".sources")}[${sources.join(", ")}]`);
}

/** `field=`. Only an open set can have a name with such characters; unquoted it could pass for another field. */
function label(name: string, paint: Paint, equals = "=", suffix = ""): string {
  const text = /[\s"={}]/.test(name) ? quote(name) : escape(name);
  return paint(ITALIC, text + suffix) + paint(DIM, equals);
}
