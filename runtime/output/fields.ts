/** Fields, spans and messages as text: what the text formats have in common. */
import type { Event } from "../event.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { Paint } from "./ansi.ts";
import { messageOf, visitFields } from "../event.ts";
import { state } from "../state.ts";
import { escape, quote, sourcesOf, textOf } from "../value.ts";
import { BOLD, DIM, ITALIC } from "./ansi.ts";

/** `name{field=value}` of a span. */
export function formatSpan(span: SpanData, paint: Paint): string {
  const fields = formatValues(span, paint);
  const name = paint(BOLD, escape(span.metadata.name));
  return fields === "" ? name : `${name}${paint(BOLD, "{")}${fields}${paint(BOLD, "}")}`;
}

/** `field=value field=value` of a span. */
export function formatValues(span: SpanData, paint: Paint): string {
  const fields: string[] = [];
  span.values.forEach((value, name) => fields.push(formatField(span, name, value, paint)));
  return fields.join(" ");
}

/** `message field=value` of an event. */
export function formatEvent(event: Event, paint: Paint): string {
  const message = messageOf(event);
  const parts = message === undefined ? [] : [escape(message)];
  visitFields(event, (name, value) => parts.push(formatField(event, name, value, paint)));
  return parts.join(" ");
}

/** `field=value`, with the causes of an error. */
export function formatField(
  place: Pick<Event, "metadata">,
  name: string,
  value: unknown,
  paint: Paint,
  equals = "=",
): string {
  // only an open set can have such a name; unquoted it could pass for another field
  const label = /[\s"={}]/.test(name) ? quote(name) : escape(name);
  const pair = (label: string, text: string): string => paint(ITALIC, label) + paint(DIM, equals) + text;
  const sources = state.redacts?.(name) ? [] : sourcesOf(value);
  const text = pair(label, textOf(place, name, value));
  return sources.length === 0 ? text : `${text} ${pair(`${label}.sources`, `[${sources.join(", ")}]`)}`;
}
