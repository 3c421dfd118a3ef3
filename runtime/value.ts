/** A value as text: what outputs print, whatever the value does. Nothing here throws. */
import type { Metadata } from "./metadata.ts";
import type { Wrapped } from "./field.ts";
import { display, isError, wrapping } from "./field.ts";
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

/** What a text line must not contain raw: C0, DEL, C1, line separators, bidi controls, lone surrogates. */
// eslint-disable-next-line no-control-regex
const unsafe = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\p{Cs}]/gu;

/** A string in one line that cannot forge another: control characters and lone surrogates escaped as in JSON. */
export function escape(text: string): string {
  return text.replace(unsafe, (char) =>
    char < " " ? JSON.stringify(char).slice(1, -1) : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A JSON string literal, without control characters that only JSON allows. */
export function quote(text: string): string {
  return escape(JSON.stringify(text));
}

/** A field's value as text output shows it, or as JSON. */
export function textOf(place: Place, field: string, value: unknown, json = false): string {
  failure = undefined;
  const text = state.redacts?.(field) ? encode(hidden, json) : encode(value, json);
  if (failure !== undefined) thrown(place, field, (failure as Failure).error);
  return text;
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
      sources.push(escape(isError(source) ? source.message : encode(source, false)));
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

/** Text and JSON are one language; text leaves numbers, markers and display() unquoted. */
function encode(value: unknown, json: boolean, outer: readonly object[] = []): string {
  const bare = (text: string): string => (json ? quote(text) : escape(text));
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return json && !Number.isFinite(value) ? `"${value}"` : `${value}`;
    case "bigint":
      return json && !Number.isSafeInteger(Number(value)) ? `"${value}"` : `${value}`;
    case "boolean":
      return `${value}`;
    case "undefined":
      return json ? "null" : "undefined";
    case "symbol":
      return bare(String(value));
    case "function":
    case "object":
      if (value === null) return "null";
      try {
        return encodeObject(value, json, outer, bare);
      } catch (error) {
        return bare(marker(error));
      }
  }
}

function encodeObject(value: object, json: boolean, outer: readonly object[], bare: (text: string) => string): string {
  if (typeof value === "function") return bare(`[Function: ${value.name || "anonymous"}]`);
  if (outer.includes(value)) return bare("[Circular]");
  const path = [...outer, value];
  const item = (value: unknown): string => encode(value, json, path);
  switch (wrapping(value)) {
    case "display":
      return bare(String((value as Wrapped).value));
    case "debug":
      return bare(encode((value as Wrapped).value, false, path));
    case undefined:
  }
  if (isError(value)) {
    if (!json) return outer.length > 0 ? quote(describe(value)) : escape(describe(value));
    return properties(value, item, ["name", "message", "stack", ...Object.keys(value), "cause", "errors"]);
  }
  if (value instanceof Uint8Array) {
    const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, "0"));
    return json ? `"${hex.join("")}"` : `[${hex.join(" ")}]`;
  }
  if (value instanceof Date) return bare(Number.isNaN(+value) ? "Invalid Date" : value.toISOString());
  if (value instanceof RegExp) return bare(String(value));
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return item(toJSON.call(value));
  const list = Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value);
  if (outer.length > depthLimit) return bare(list ? "[Array]" : "[Object]");
  if (value instanceof Map) {
    const entries = [...value];
    return entries.every(([key]) => typeof key === "string")
      ? properties(Object.fromEntries(entries) as object, item)
      : item(entries);
  }
  return list ? `[${Array.from(value as Iterable<unknown>, item).join(",")}]` : properties(value, item);
}

function properties(value: object, item: (value: unknown) => string, keys = Object.keys(value)): string {
  const parts: string[] = [];
  for (const key of new Set(keys)) {
    let text: string;
    try {
      const property = (value as Record<string, unknown>)[key];
      if (property === undefined) continue;
      text = item(state.redacts?.(key) ? hidden.value : property);
    } catch (error) {
      text = quote(marker(error));
    }
    parts.push(`${quote(key)}:${text}`);
  }
  return `{${parts.join(",")}}`;
}
