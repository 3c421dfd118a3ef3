/** What JSON lines are made from: parts that add themselves, behind their label, to the template of a callsite. */
import type { Event } from "../event.ts";
import type { Line } from "../line.ts";
import type { Metadata } from "../metadata.ts";
import type { Context } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { OutputOptions } from "./options.ts";
import type { Write } from "./template.ts";
import { isSet } from "../field.ts";
import { quote, writeValue } from "../value.ts";
import { SpanLines } from "./span-lines.ts";
import { TemplateBuilder } from "./template.ts";
import { timeOf } from "./timestamp.ts";

/** Adds a value behind its label, which is `"key":`. */
export type Part = (to: TemplateBuilder, label: string) => void;
/** Adds an entry. A key that is taken becomes `field.` and the key. */
export type PutPart = (key: string, part: Part) => void;

/** The events that one template serves. */
export interface Form {
  readonly metadata: Metadata;
  /** The fields that may have a value, and where it is. */
  readonly fields: readonly { readonly name: string; readonly at: number }[];
  readonly message: Part | undefined;
  readonly spans: SpanLines;
}

/** The entries of a line, in order; asked once for each form. */
export type Parts = (form: Form, put: PutPart) => void;

/** JSON that is the same in all lines. */
export function constant(json: string): Part {
  return (to, label) => void to.item(label + json);
}

/** What `write` writes, if it has something; or the value at `at`, if it is a string, a finite number or a boolean. */
export function dynamic(write: Write, at?: number): Part {
  return (to, label) => void to.maybe(label, write, at);
}

/** An object with entries of its own. */
export function object(fill: (put: PutPart) => void): Part {
  return (to, label) => {
    to.item(`${label}{`).sequence(",");
    addEntries(to, namedEntries(fill).entries);
    to.add("}").resume(",");
  };
}

/** Adds entries to a template. */
export function addEntries(to: TemplateBuilder, entries: Iterable<readonly [key: string, part: Part]>): void {
  for (const [key, part] of entries) part(to, `${quote(key)}:`);
}

/** The entries with their final keys, and whether two of them wanted the same one. */
export function namedEntries<T>(
  fill: (put: (key: string, value: T) => void) => void,
  keys: Readonly<Record<string, string | false>> = {},
): { readonly entries: ReadonlyMap<string, T>; readonly collide: boolean } {
  const entries = new Map<string, T>();
  let collide = false;
  fill((key, value) => {
    let name = Object.hasOwn(keys, key) ? keys[key]! : key;
    if (name === false) return;
    for (; entries.has(name); collide = true) name = `field.${name}`;
    entries.set(name, value);
  });
  return { entries, collide };
}

/** The time as text; `undefined` where there is to be none. */
export function timePart(timer: OutputOptions["timer"]): Part | undefined {
  const time = timeOf(timer, true);
  return time && ((to, label) => void to.item(`${label}"`).value(time).add('"'));
}

/** Another text where a part has nothing. */
export function orElse(part: Part | undefined, json: string): Part {
  if (part === undefined) return constant(json);
  return (to, label) => {
    const own = new TemplateBuilder(to.line, to.inSpan);
    part(own, "");
    const template = own.build();
    to.item(label).value((line, event, context, span) => {
      const from = line.at;
      template.write(line, event, context, span);
      if (line.at === from) line.raw(json);
      return true;
    });
  };
}

/** The fields of the events of a form. */
export function putFields({ fields }: Form, put: PutPart): void {
  for (const { name, at } of fields) put(name, fieldPart(name, at));
}

function fieldPart(name: string, at: number): Part {
  return dynamic((line, event) => {
    const value = event.values[at];
    if (!isSet(value)) return false;
    writeValue(line, event, name, value, true);
    return true;
  }, at);
}

/** What is written of the innermost span, where there is one. */
export function ofSpan(write: (line: Line, span: SpanData, context: Context) => void): Part {
  return (to, label) => {
    if (!to.inSpan) return;
    to.item(label).value((line, _event, context, span) => {
      write(line, span!, context);
      return true;
    });
  };
}

/** The innermost span, where there is one. */
export function spanPart({ spans }: Form): Part {
  return ofSpan((line, span) => spans.write(line, span));
}

/** The spans from root to leaf, where there are any. */
export function spanListPart({ spans }: Form): Part {
  return ofSpan((line, span, context) => {
    line.byte(0x5b);
    spans.writeScope(line, span, context);
    line.byte(0x5d);
  });
}

/** Spans as JSON. */
export function jsonSpans(): SpanLines {
  return new SpanLines(writeSpan, 0x2c);
}

/** A span's fields after its name. */
function writeSpan(line: Line, span: SpanData): void {
  line.raw(`{"name":${quote(span.metadata.name)}`);
  for (const [name, value] of span.values) {
    let key = name;
    while (key === "name" || (key !== name && span.values.has(key))) key = `field.${key}`;
    line.byte(0x2c);
    line.key(key);
    writeValue(line, span, name, value, true);
  }
  line.byte(0x7d);
}

/** Visits the fields of an event that have a value. */
export function eachField({ fields }: Form, event: Event, visit: (name: string, value: unknown) => void): void {
  for (const { name, at } of fields) if (isSet(event.values[at])) visit(name, event.values[at]);
}
