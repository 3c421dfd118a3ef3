/** Places of text that a host made from something else, such as the script of a Vue component. */
import type { Callsite } from "./callsite.ts";
import type { Instruments } from "./find-instrumented.ts";

/** A line and a column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a place of the text was written; `undefined`: nowhere, it was made. */
export type Origin = (place: Position) => Position | undefined;

/** The callsite with the place where its call was written. */
export function written(callsite: Callsite, origin: Origin): Callsite {
  return { ...callsite, ...origin(callsite) };
}

export function writtenFunctions(instruments: Instruments, origin: Origin): Instruments {
  const functions = instruments.functions.map((one) => ({
    ...one,
    span: written(one.span, origin),
    err: one.err && written(one.err, origin),
    ret: one.ret && written(one.ret, origin),
  }));
  return { ...instruments, functions };
}
