/** The message of an event as an item of a template: what of it is static is encoded once. */
import type { Metadata } from "../metadata.ts";
import type { TemplateBuilder, Write } from "./template.ts";
import { messageOf } from "../event.ts";
import { isSet } from "../field.ts";
import { state } from "../state.ts";
import { escape, quote, shown } from "../value.ts";

/** Whether events of a callsite may have a message. */
export function mayHaveMessage({ layout, message }: Metadata): boolean {
  return message !== undefined || layout.includes("message") || layout.includes("...");
}

/** Adds the message, where there may be one: `label` and the text, in JSON as a literal. */
export function addMessage(to: TemplateBuilder, metadata: Metadata, label = "", isJson = false): void {
  const { layout, message } = metadata;
  if (message === undefined || layout.includes("...")) {
    if (mayHaveMessage(metadata)) to.maybe(label, dynamic(isJson));
    return;
  }
  const mark = isJson ? '"' : "";
  const literal = (text: string): string => (isJson ? quote(text).slice(1, -1) : escape(text));
  to.item(label + mark);
  for (const part of message.split(/(\{\{|\}\}|\{[^{}]+\})/)) {
    const at = part.length > 2 && part.startsWith("{") ? layout.indexOf(part.slice(1, -1)) : -1;
    if (at >= 0) to.value(placeholder(at, part, isJson));
    else to.add(literal(part === "{{" || part === "}}" ? part[0]! : part));
  }
  to.add(mark);
}

function dynamic(isJson: boolean): Write {
  return (line, event) => {
    const message = messageOf(event);
    if (message === undefined) return false;
    if (isJson) line.quoted(message);
    else line.escaped(message);
    return true;
  };
}

/** The value of the field at a place, or where it has none the placeholder as it was written. */
function placeholder(at: number, whole: string, isJson: boolean): Write {
  const name = whole.slice(1, -1);
  return (line, event) => {
    const value = event.values[at];
    if (typeof value === "number" && state.redacts === undefined) line.number(value);
    else line.escaped(isSet(value) ? shown(event, name, value) : whole, isJson);
    return true;
  };
}
