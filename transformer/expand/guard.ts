import type { Names } from "./names.ts";

/** Where a callsite stands in its module's table. */
export interface Slot {
  /** The index of its first row. */
  readonly index: number;
  /** Whether its code can run before the module's first statement. */
  readonly isEarly: boolean;
}

/** The test of a callsite's cell. Turned round where it would begin with a parenthesis, which continues a line without a semicolon. */
export function guardOf({ index, isEarly }: Slot, { cells, runtime, sites, up }: Names): string {
  return isEarly
    ? `0 !== (${up} === undefined ? ${runtime}.cells(${sites}) : ${cells})[${index}]`
    : `${cells}[${index}] !== 0`;
}
