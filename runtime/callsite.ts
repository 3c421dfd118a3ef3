/** Callsites and their modules, from the rows that the transformer writes (see ARCHITECTURE.md). */
import type { Bound, Emit } from "./decide.ts";
import type { Interest } from "./interest.ts";
import type { Level } from "./level.ts";
import type { MakeSpan } from "./make-span.ts";
import type { Metadata } from "./metadata.ts";
import { HIGH, NEVER, updateInterest } from "./interest.ts";
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

/** `[file, source hash, target, rows]`, and `probes`: 0 for none, 1 for a file in the cache, else one of the build. */
export type Table = readonly [file: string, hash: string, target: string, rows: readonly Row[], probes?: 0 | 1];

/** What `state.connect` answers for a module that has a probe file: memory of the file, and a probe for each row. */
export interface Connected {
  readonly cells: Int32Array;
  readonly probes: readonly Probe[];
}

/** Stands between the guard and the subscriber, because a tracer may want the callsite as well. */
export interface Probe {
  /** Says in the cell whether subscribers want the callsite. */
  publish(interest: Interest): void;
  event(callsite: Callsite, emit: Emit | undefined): Emit | undefined;
  span(callsite: Callsite, make: MakeSpan | undefined): MakeSpan | undefined;
}

/** The hoisted function of a transformed module; registration is memoised on it. */
export interface Sites {
  /** A {@link Table}. TypeScript infers less of an array literal, and transformed source is type-checked too. */
  (): readonly unknown[];
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
  /** What `halves` says at that index, unless threads share the cell. */
  interest: Interest;
  readonly probe: Probe | undefined;
  /** The index of the explicit parent in the values, or -1. */
  readonly parentAt: number;
  /** What decide.ts answered last: while the decision does not change, it allocates once. */
  bound: Bound | undefined;
}

/** The module of a `$sites` function, registered on first use, also when its body has not run yet. */
export function moduleOf(sites: Sites): Module {
  return (sites.module ??= register(sites() as unknown as Table));
}

/** Registers a table, or finds the module that the same file and source registered before (bundled twice). */
export function register(table: Table, untransformed?: boolean): Module {
  const [file, hash, target, rows] = table;
  const key = `${target}\n${file}\n${hash}`;
  const known = state.modules.get(key)?.deref();
  if (known !== undefined) return known;
  const connected = untransformed ? undefined : state.connect?.(table);
  const cells = connected?.cells ?? new Int32Array(rows.length);
  const halves = new Uint16Array(cells.buffer, cells.byteOffset, rows.length * 2);
  const callsites = rows.map((row, index): Callsite => {
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
    const probe = connected?.probes[index];
    return { metadata, halves, at, interest: NEVER, probe, parentAt, bound: undefined };
  });
  const module = { cells, halves, callsites };
  state.modules.set(key, new WeakRef(module));
  callsites.forEach(updateInterest);
  return module;
}
