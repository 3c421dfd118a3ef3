/** Values as a tracer gets them: integers in registers, everything else as text. Nothing here throws. */
import type { Metadata } from "../metadata.ts";
import { isSet } from "../field.ts";
import { shown } from "../value.ts";

/** What `fire` of a probe file takes. */
export type Argument = number | bigint | string;

type Place = { readonly metadata: Metadata };

/**
 * Integers and booleans are 64-bit numbers. Text is everything that would be a lie as one: strings, floats, NaN,
 * integers of more than 64 bits, `null`, objects, errors. What is not there is 0.
 */
export function argumentOf(place: Place, field: string, value: unknown): Argument {
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? value : String(value);
    case "bigint":
      return BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value ? value : String(value);
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return textOf(value);
    default:
      return isSet(value) ? textOf(shown(place, field, value)) : 0;
  }
}

/** Text as it is, but for zero characters, at which every tracer would take it to end. */
export function textOf(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\u2400") : text;
}
