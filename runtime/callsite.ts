/** Callsites and their modules, from the rows that the transformer writes (see ARCHITECTURE.md). */
import type { Bound } from "./decide.ts";
import type { Level } from "./level.ts";
import type { Metadata } from "./metadata.ts";
import { HIGH, updateInterest } from "./interest.ts";
import { state } from "./state.ts";

/** `[kind, level, line, column, fields, text, name, target]`, trailing holes left out. */
export type Row = readonly [
  kind: Metadata["kind"],
  level: Level,
  line?: number | undefined,
  column?: number | undefined,
  fields?: string | readonly string[] | undefined,
  text?: string | undefined,
  name?: string | undefined,
  target?: string | undefined,
];

/** `[file, source hash, target, rows]` */
export type Table = readonly [file: string, hash: string, target: string, rows: readonly Row[]];

/** The hoisted function of a transformed module; registration is memoised on it. */
export interface Sites {
  (): Table;
  module?: Module;
}

/** A registered module. `cells[i]` is the guard of callsite i: low half the USDT semaphore, high half the interest. */
export interface Module {
  readonly cells: Int32Array;
  /** The same memory as 16-bit halves: the only way the runtime writes, because the kernel writes the low ones. */
  readonly halves: Uint16Array;
  readonly callsites: readonly Callsite[];
}

/** The static place of an event or span. */
export interface Callsite {
  readonly metadata: Metadata;
  readonly halves: Uint16Array;
  /** The index of the interest in `halves`. */
  readonly at: number;
  /** The index of the explicit parent in the values, or -1. */
  readonly parentAt: number;
  /** What decide.ts answered last: while the decision does not change, it allocates once. */
  bound: Bound | undefined;
}

/** The module of a `$sites` function, registered on first use, also when its body has not run yet. */
export function moduleOf(sites: Sites): Module {
  return (sites.module ??= register(sites()));
}

/** Registers a table, or finds the module that the same file and source registered before (bundled twice). */
export function register(table: Table, untransformed?: boolean): Module {
  const [file, hash, target, rows] = table;
  const key = `${target}\n${file}\n${hash}`;
  const known = state.modules.get(key)?.deref();
  if (known !== undefined) return known;
  const cells = allocate(rows.length);
  const halves = new Uint16Array(cells.buffer, cells.byteOffset, rows.length * 2);
  const callsites = rows.map((row, index) => {
    const [kind, level, line, column, fields = [], text, name, override = target] = row;
    const layout = typeof fields === "string" ? (fields === "" ? [] : fields.split(",")) : fields;
    const metadata: Metadata = {
      kind,
      name: kind === "span" ? (text ?? "") : (name ?? `event ${file}${line ? `:${line}` : ""}`),
      level,
      target: override,
      file: untransformed ? undefined : file,
      line,
      column,
      fields: layout.filter((field) => !["^", "...", kind === "span" ? "" : "message"].includes(field)),
      layout,
      message: kind === "span" ? undefined : text,
    };
    const parentAt = layout.indexOf("^");
    const at = index * 2 + HIGH;
    return { metadata, halves, at, parentAt, bound: undefined };
  });
  const module = { cells, halves, callsites };
  state.modules.set(key, new WeakRef(module));
  callsites.forEach(updateInterest);
  return module;
}

/** The memory of a module's cells. The only allocation, so that the USDT provider can hand out its own (issue 4). */
function allocate(count: number): Int32Array {
  return new Int32Array(count);
}
