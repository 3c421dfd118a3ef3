/** Whether a field's value is what a directive expects. */
import type { Metadata } from "../../metadata.ts";
import type { Expected } from "./directive.ts";
import { isSet, wrapping } from "../../field.ts";
import { textOf } from "../../value.ts";

/** Numbers and booleans match by value, texts as a whole; what is no string counts as text output prints it. */
export function matchesValue(
  place: { readonly metadata: Metadata },
  field: string,
  expected: Expected | undefined,
  value: unknown,
): boolean {
  if (!isSet(value)) return false;
  switch (expected?.kind) {
    case undefined:
      return true;
    case "number":
      return isNumber(value) && equal(expected.text, value);
    case "boolean":
      return value === expected.value;
    case "string":
      return plain(place, field, value) === expected.text;
    case "pattern":
      return compile(`^(?:${expected.source})$`, "").test(plain(place, field, value));
    case "regex":
      return compile(expected.source, expected.flags).test(plain(place, field, value));
  }
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function equal(text: string, value: number | bigint): boolean {
  // a bigint beyond 2 to the 53 is equal to its own digits only
  if (typeof value === "bigint" && /^[+-]?\d+$/.test(text)) return BigInt(text.replace("+", "")) === value;
  const wanted = /nan/i.test(text) ? NaN : Number(text.replace(/infinity/i, "Infinity"));
  return Object.is(wanted, value) || wanted === Number(value);
}

function plain(place: { readonly metadata: Metadata }, field: string, value: unknown): string {
  return typeof value === "string" ? value : unquoted(textOf(place, field, value), value);
}

/** `debug("x")` prints quotes that are not part of the text. */
function unquoted(text: string, value: unknown): string {
  try {
    if (typeof value === "object" && value !== null && wrapping(value) === "debug") {
      const inner = (value as { value?: unknown }).value;
      if (typeof inner === "string") return inner;
    }
  } catch {
    // a proxy; its text is what textOf made of it
  }
  return text;
}

const patterns = /*#__PURE__*/ new Map<string, RegExp>();

function compile(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  let found = patterns.get(key);
  if (found === undefined) patterns.set(key, (found = new RegExp(source, flags)));
  return found;
}
