/** A value as text: what outputs print, whatever the value does. Nothing here throws. */
import type { Metadata } from "./metadata.ts";
import type { Wrapped } from "./field.ts";
import type { Line } from "./line.ts";
import { display, isError, wrapping } from "./field.ts";
import { escape } from "./escape.ts";
import { textBy } from "./line.ts";
import { placeOf } from "./metadata.ts";
import { describe, report } from "./report.ts";
import { state } from "./state.ts";

export { escape, quote } from "./escape.ts";

interface Failure {
  readonly error: unknown;
}
type Place = { readonly metadata: Metadata };

/** What a value threw while it was written; formatting is synchronous, so one variable carries it to the field. */
let failure: Failure | undefined;

const depthLimit = 8;

/** Objects of one value: in a graph where everything leads to everything, depth alone bounds nothing. */
const objectLimit = 1000;
let objects = 0;

/** What is around the place that is written, from `bottom` to `top`; below is what a `toJSON` interrupts. */
const around: (object | undefined)[] = [];
let bottom = 0;
let top = 0;

/** What takes the place of a value that is to be in no output. */
const hidden: Wrapped = /*#__PURE__*/ display("[redacted]");

/** Writes a field's value as text output shows it, or as JSON. */
export function writeValue(line: Line, place: Place, field: string, value: unknown, json: boolean): void {
  failure = undefined;
  encodeWhole(line, state.redacts?.(field) ? hidden : value, json);
  if (failure !== undefined) thrown(place, field, (failure as Failure).error);
}

/** A field's value as text output shows it, or as JSON. */
export function textOf(place: Place, field: string, value: unknown, json = false): string {
  return textBy((line) => writeValue(line, place, field, value, json));
}

/** A field's value as JSON. */
export function jsonOf(place: Place, field: string, value: unknown): string {
  return textOf(place, field, value, true);
}

/** A value inside a message: strings as they are, not escaped. */
export function shown(place: Place, field: string, value: unknown): string {
  return typeof value === "string" && !state.redacts?.(field) ? value : textOf(place, field, value);
}

/** The messages of an error's causes and of what it aggregates, each once and outermost first; bounded. */
export function sourcesOf(error: unknown): string[] {
  const seen = new Set<unknown>([error]);
  const sources: string[] = [];
  const visit = (error: unknown): void => {
    if (!isError(error)) return;
    const { cause, errors } = error as Error & { readonly errors?: unknown };
    for (const source of [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]) {
      if (source === undefined || seen.has(source) || sources.length >= depthLimit) continue;
      seen.add(source);
      sources.push(isError(source) ? escape(source.message) : textBy((line) => encodeWhole(line, source, false)));
      visit(source);
    }
  };
  try {
    visit(error);
  } catch {
    // a getter; the error itself was printed
  }
  return sources;
}

/** Reports that a field threw, once per field, and answers the marker that takes its place. */
export function thrown(place: Place, field: string, error: unknown): Wrapped {
  const where = placeOf(place.metadata);
  report(`threw ${where} ${field}`, `${where}: the field "${field}" threw ${describe(error)} while it was recorded`);
  return display(marker(error));
}

function marker(error: unknown): string {
  failure ??= { error };
  return `[threw ${describe(error)}]`;
}

/** A value with nothing around it. */
function encodeWhole(line: Line, value: unknown, json: boolean): void {
  const outer = bottom;
  const count = objects;
  bottom = top;
  objects = 0;
  try {
    encode(line, value, json);
  } finally {
    bottom = outer;
    objects = count;
  }
}

/** Text and JSON are one language; text leaves numbers, markers and display() unquoted. */
function encode(line: Line, value: unknown, json: boolean): void {
  switch (typeof value) {
    case "string":
      return line.quoted(value);
    case "number":
      return json && !Number.isFinite(value) ? line.quoted(`${value}`) : line.number(value);
    case "bigint":
      return bare(line, `${value}`, json && !Number.isSafeInteger(Number(value)));
    case "boolean":
      return line.boolean(value);
    case "undefined":
      return line.escaped(json ? "null" : "undefined");
    case "symbol":
      return bare(line, String(value), json);
    case "function":
    case "object": {
      if (value === null) return line.escaped("null");
      const { at } = line;
      const depth = top;
      try {
        encodeObject(line, value, json);
      } catch (error) {
        line.reset(at);
        bare(line, marker(error), json);
      } finally {
        // nothing of the program's is held on to
        while (top > depth) around[--top] = undefined;
      }
    }
  }
}

function bare(line: Line, text: string, isQuoted: boolean): void {
  if (isQuoted) line.quoted(text);
  else line.escaped(text);
}

function encodeObject(line: Line, value: object, json: boolean): void {
  if (typeof value === "function") return bare(line, `[Function: ${value.name || "anonymous"}]`, json);
  for (let i = bottom; i < top; i++) if (around[i] === value) return bare(line, "[Circular]", json);
  around[top++] = value;
  // most objects are plain, and need not be asked what else they are
  const isArray = Array.isArray(value);
  const isPlain = isArray || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain && encodeSpecial(line, value, json)) return;
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return encode(line, toJSON.call(value), json);
  const isList = isArray || (!isPlain && (value instanceof Set || ArrayBuffer.isView(value)));
  if (top - bottom > depthLimit + 1 || ++objects > objectLimit)
    return bare(line, isList ? "[Array]" : "[Object]", json);
  if (!isPlain && value instanceof Map) {
    const entries = [...value];
    return entries.every(([key]) => typeof key === "string")
      ? properties(line, Object.fromEntries(entries) as object, json)
      : encode(line, entries, json);
  }
  if (!isList) return properties(line, value, json);
  const list = isArray ? (value as readonly unknown[]) : [...(value as Iterable<unknown>)];
  line.byte(0x5b);
  for (let i = 0; i < list.length; i++) {
    if (i > 0) line.byte(0x2c);
    encode(line, list[i], json);
  }
  line.byte(0x5d);
}

/** An object with a form of its own; whether it is one. */
function encodeSpecial(line: Line, value: object, json: boolean): boolean {
  const wrapped = wrapping(value);
  if (wrapped) {
    const { value: inner } = value as Wrapped;
    bare(line, wrapped === "display" ? String(inner) : textBy((line) => encode(line, inner, false)), json);
  } else if (isError(value)) {
    if (json) properties(line, value, json, errorKeys(value));
    else bare(line, describe(value), top - bottom > 1);
  } else if (value instanceof Uint8Array) {
    const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, "0"));
    line.escaped(json ? `"${hex.join("")}"` : `[${hex.join(" ")}]`);
  } else if (value instanceof Date) {
    bare(line, Number.isNaN(+value) ? "Invalid Date" : value.toISOString(), json);
  } else if (value instanceof RegExp) bare(line, String(value), json);
  else return false;
  return true;
}

function errorKeys(error: object): Iterable<string> {
  const own = Object.keys(error);
  return own.length === 0 ? always : new Set([...always.slice(0, 3), ...own, ...always]);
}

const always = ["name", "message", "stack", "cause", "errors"];

function properties(line: Line, value: object, json: boolean, keys?: Iterable<string>): void {
  const from = line.at;
  if (keys) for (const key of keys) property(line, from, value, key, json);
  // V8 knows where the properties of a `for in` are, and that they are its own
  else for (const key in value) if (hasOwnProperty.call(value, key)) property(line, from, value, key, json);
  if (line.at === from) line.byte(0x7b);
  line.byte(0x7d);
}

const { hasOwnProperty } = Object.prototype;

function property(line: Line, from: number, value: object, key: string, json: boolean): void {
  let property: unknown;
  let failed: { readonly error: unknown } | undefined;
  try {
    property = (value as Record<string, unknown>)[key];
    if (property === undefined) return;
    if (state.redacts?.(key)) property = hidden.value;
  } catch (error) {
    failed = { error };
  }
  line.byte(line.at === from ? 0x7b : 0x2c);
  line.key(key);
  if (failed) line.quoted(marker(failed.error));
  else encode(line, property, json);
}
