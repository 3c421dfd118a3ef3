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

/** What takes the place of a value that is to be in no output. */
const hidden: Wrapped = /*#__PURE__*/ display("[redacted]");

/** Writes a field's value as text output shows it, or as JSON. */
export function writeValue(line: Line, place: Place, field: string, value: unknown, json: boolean): void {
  failure = undefined;
  encode(line, state.redacts?.(field) ? hidden : value, json);
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
      sources.push(isError(source) ? escape(source.message) : textBy((line) => encode(line, source, false)));
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

/** Text and JSON are one language; text leaves numbers, markers and display() unquoted. `path` is what is around it. */
function encode(line: Line, value: unknown, json: boolean, path: object[] = none): void {
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
      if (path === none) objects = 0;
      const outer = path === none ? [] : path;
      const depth = outer.length;
      try {
        encodeObject(line, value, json, outer);
      } catch (error) {
        line.reset(at);
        bare(line, marker(error), json);
      }
      while (outer.length > depth) outer.pop();
    }
  }
}

/** Most values are no objects, and need no list of what is around them. */
const none: object[] = [];

function bare(line: Line, text: string, isQuoted: boolean): void {
  if (isQuoted) line.quoted(text);
  else line.escaped(text);
}

function encodeObject(line: Line, value: object, json: boolean, path: object[]): void {
  if (typeof value === "function") return bare(line, `[Function: ${value.name || "anonymous"}]`, json);
  if (path.includes(value)) return bare(line, "[Circular]", json);
  const depth = path.push(value);
  switch (wrapping(value)) {
    case "display":
      return bare(line, String((value as Wrapped).value), json);
    case "debug": {
      const text = textBy((line) => encode(line, (value as Wrapped).value, false, path));
      return bare(line, text, json);
    }
    case undefined:
  }
  // most objects are plain, and need not be asked what else they are
  const isArray = Array.isArray(value);
  const isPlain = isArray || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain && encodeSpecial(line, value, json, path)) return;
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return encode(line, toJSON.call(value), json, path);
  const isList = isArray || (!isPlain && (value instanceof Set || ArrayBuffer.isView(value)));
  if (depth > depthLimit + 1 || ++objects > objectLimit) return bare(line, isList ? "[Array]" : "[Object]", json);
  if (!isPlain && value instanceof Map) {
    const entries = [...value];
    return entries.every(([key]) => typeof key === "string")
      ? properties(line, Object.fromEntries(entries) as object, json, path)
      : encode(line, entries, json, path);
  }
  if (!isList) return properties(line, value, json, path);
  let separator = 0x5b;
  for (const item of value as Iterable<unknown>) {
    line.byte(separator);
    separator = 0x2c;
    encode(line, item, json, path);
  }
  if (separator === 0x5b) line.byte(separator);
  line.byte(0x5d);
}

/** An object with a form of its own; whether it is one. */
function encodeSpecial(line: Line, value: object, json: boolean, path: object[]): boolean {
  if (isError(value)) {
    if (!json) bare(line, describe(value), path.length > 1);
    else {
      const keys = new Set(["name", "message", "stack", ...Object.keys(value), "cause", "errors"]);
      properties(line, value, json, path, keys);
    }
  } else if (value instanceof Uint8Array) {
    const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, "0"));
    line.escaped(json ? `"${hex.join("")}"` : `[${hex.join(" ")}]`);
  } else if (value instanceof Date) {
    bare(line, Number.isNaN(+value) ? "Invalid Date" : value.toISOString(), json);
  } else if (value instanceof RegExp) bare(line, String(value), json);
  else return false;
  return true;
}

function properties(line: Line, value: object, json: boolean, path: object[], keys?: Iterable<string>): void {
  const from = line.at;
  if (keys) for (const key of keys) property(line, from, value, key, json, path);
  // V8 knows where the properties of a `for in` are
  else for (const key in value) if (Object.hasOwn(value, key)) property(line, from, value, key, json, path);
  if (line.at === from) line.byte(0x7b);
  line.byte(0x7d);
}

function property(line: Line, from: number, value: object, key: string, json: boolean, path: object[]): void {
  let property: unknown;
  let error: unknown = none;
  try {
    property = (value as Record<string, unknown>)[key];
    if (property === undefined) return;
    if (state.redacts?.(key)) property = hidden.value;
  } catch (thrown) {
    error = thrown;
  }
  line.byte(line.at === from ? 0x7b : 0x2c);
  line.quoted(key);
  line.byte(0x3a);
  if (error === none) encode(line, property, json, path);
  else line.quoted(marker(error));
}
