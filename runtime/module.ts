/** Modules register their tables once: with the first call of one of their functions, or as they are loaded. */
import type { Module } from "./callsite.ts";
import type { Table } from "./table.ts";
import { openModule } from "./interest.ts";
import { state } from "./state.ts";

/** The hoisted function of a transformed module; registration is memoised on it. */
export interface Sites {
  /** A {@link Table}. TypeScript infers less of an array literal, and transformed source is type-checked too. */
  (): readonly unknown[];
  module?: Module;
}

/** The module of a `$sites` function, registered on first use, also when its body has not run yet. */
export function moduleOf(sites: Sites): Module {
  return (sites.module ??= register(sites() as unknown as Table));
}

/** Registers a table, or finds the module that the same file and source registered before (bundled twice). */
export function register(table: Table): Module {
  const key = `${table[2]}\n${table[0]}\n${table[1]}`;
  const known = state.modules.get(key)?.deref();
  if (known !== undefined) return known;
  const connected = state.connect?.(table);
  // an ArrayBuffer's memory is never moved, so that a guard's machine code holds its address: 2 to 3 instructions less
  const cells = connected?.cells ?? new Int32Array(new ArrayBuffer(table[3].length * 4));
  const module: Module = { table, cells, callsites: [], asked: [], isAsked: false, connected };
  state.modules.set(key, new WeakRef(module));
  // a new cell says that nobody is interested; in a probe file it may be an old one, which asks when it is reached
  if (state.maxLevel > 0) openModule(module);
  return module;
}
