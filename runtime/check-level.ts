/** A level that is only known at run time. */
import type { Level } from "./level.ts";
import { parseLevel } from "./level.ts";
import { describe, report } from "./report.ts";

/** The level of a number 1 to 5 or a name in any case; else `undefined`, reported once per place. */
export function checkLevel(value: unknown, place: string): Level | undefined {
  try {
    return parseLevel(String(value));
  } catch (error) {
    report(`level ${place}`, `${place}: ${describe(error).replace(/^Error: /, "")}; the call is ignored`);
    return undefined;
  }
}
