/** A value as text: what outputs print, whatever the value does. Nothing here throws. */
import type { Metadata } from "./metadata.ts";
import type { Wrapped } from "./field.ts";
import type { Line } from "./line.ts";
import { display, isError, wrapping } from "./field.ts";
import { textBy } from "./line.ts";
import { placeOf } from "./metadata.ts";
import { describe, report } from "./report.ts";
import { state } from "./state.ts";

interface Failure {
  readonly error: unknown;
}
type Place = { readonly metadata: Metadata };

/** What a value threw while it was written; formatting is synchronous, so one variable carries it to the field. */
let failure: Failure | undefined;

const depthLimit = 8;

/** What takes the place of a value that is to be in no output. */
const hidden: Wrapped = /*#__PURE__*/ display("[redacted]");

/** A string in one line that cannot forge another: control characters and lone surrogates escaped as in JSON. */
export function escape(text: string): string {
  return textBy((line) => line.escaped(text));
}

/** A JSON string literal, without control characters that only JSON allows. */
export function quote(text: string): string {
  return textBy((line) => line.quoted(text));
}

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
      return line.escaped(`${value}`);
    case "undefined":
      return line.escaped(json ? "null" : "undefined");
    case "symbol":
      return bare(line, String(value), json);
    case "function":
    case "object": {
      if (value === null) return line.escaped("null");
      const { at } = line;
      const outer = path === none ? [] : path;
      const depth = outer.length;
      try {
        encodeObject(line, value, json, outer);
      } catch (error) {
        line.at = at;
        bare(line, marker(error), json);
      }
      outer.length = depth;
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
  if (isError(value)) {
    if (!json) return bare(line, describe(value), depth > 1);
    const keys = new Set(["name", "message", "stack", ...Object.keys(value), "cause", "errors"]);
    return properties(line, value, json, path, keys);
  }
  if (value instanceof Uint8Array) {
    const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, "0"));
    return line.escaped(json ? `"${hex.join("")}"` : `[${hex.join(" ")}]`);
  }
  if (value instanceof Date) return bare(line, Number.isNaN(+value) ? "Invalid Date" : value.toISOString(), json);
  if (value instanceof RegExp) return bare(line, String(value), json);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return encode(line, toJSON.call(value), json, path);
  const isList = Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value);
  if (depth > depthLimit + 1) return bare(line, isList ? "[Array]" : "[Object]", json);
  if (value instanceof Map) {
    const entries = [...value];
    return entries.every(([key]) => typeof key === "string")
      ? properties(line, Object.fromEntries(entries) as object, json, path)
      : encode(line, entries, json, path);
  }
  if (!isList) return properties(line, value, json, path);
  line.byte(0x5b);
  let isFirst = true;
  for (const item of value as Iterable<unknown>) {
    if (!isFirst) line.byte(0x2c);
    isFirst = false;
    encode(line, item, json, path);
  }
  line.byte(0x5d);
}

function properties(
  line: Line,
  value: object,
  json: boolean,
  path: object[],
  keys: Iterable<string> = Object.keys(value),
): void {
  line.byte(0x7b);
  let isFirst = true;
  for (const key of keys) {
    let property: unknown;
    let error: unknown = none;
    try {
      property = (value as Record<string, unknown>)[key];
      if (property === undefined) continue;
      if (state.redacts?.(key)) property = hidden.value;
    } catch (thrown) {
      error = thrown;
    }
    if (!isFirst) line.byte(0x2c);
    isFirst = false;
    line.quoted(key);
    line.byte(0x3a);
    if (error === none) encode(line, property, json, path);
    else line.quoted(marker(error));
  }
  line.byte(0x7d);
}
