/** The cached answer of all live subscribers to "do you want this callsite", as Rust's `Interest` and its cache. */
import type { Module } from "./callsite.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { LevelFilter } from "./level.ts";
import type { Metadata } from "./metadata.ts";
import { call } from "./call.ts";
import { levelAt } from "./code.ts";
import { state } from "./state.ts";
import { metadataAt } from "./table.ts";

/** NEVER: nobody will want it. SOMETIMES: ask `enabled` each time. ALWAYS: everybody wants it, do not ask. */
export const Interest = { NEVER: 0, SOMETIMES: 1, ALWAYS: 2 } as const;
// as constants of their own, which bundlers inline
export const NEVER = 0;
export const SOMETIMES = 1;
export const ALWAYS = 2;
/** 0 never, 1 sometimes, 2 always. */
export type Interest = (typeof Interest)[keyof typeof Interest];

/** Equal interests stay, others become SOMETIMES. */
export function combine(a: Interest | undefined, b: Interest): Interest {
  return a === undefined || a === b ? b : SOMETIMES;
}

/** Asks every live subscriber again about every callsite, and for its max level. Call it when a filter has changed. */
export function rebuildInterest(): void {
  // a filter that asks for a rebuild while it is asked gets its answer from this very one
  if (state.rebuilding) return;
  state.rebuilding = true;
  try {
    state.dispatchers = state.dispatchers.filter((weak) => weak.deref());
    let max: LevelFilter = 0;
    const live = liveDispatchers();
    for (const dispatch of live) {
      const hint = call(dispatch, "maxLevelHint") ?? 5;
      if (hint > max) max = hint;
    }
    state.maxLevel = max;
    for (const [key, weak] of state.modules) {
      const module = weak.deref();
      if (module === undefined) state.modules.delete(key);
      else updateModule(module, live);
    }
  } finally {
    state.rebuilding = false;
  }
}

/** Says SOMETIMES in the cells of a new module, wherever the level does not rule it out: nobody is asked yet. */
export function openModule({ table, cells, connected }: Module): void {
  const codes = table[3];
  for (let i = 0; i < codes.length; i++) {
    if (levelAt(codes, i) > state.maxLevel) continue;
    if (connected) connected.publish(i, SOMETIMES);
    else cells[i] = SOMETIMES << 16;
  }
}

/** Finds the interest of a module's callsites, level folded in, and writes it into their cells' high halves. */
export function updateModule(module: Module, live: readonly Dispatch[] = liveDispatchers()): void {
  const { table, cells, callsites, connected } = module;
  // not taken apart as a list: the program may have given lists an iterator of its own before it reached a callsite
  const own = table[2];
  const codes = table[3];
  const targets = table[6];
  /** What was said to the module's target, by level. */
  const known: (Interest | undefined)[] = [];
  module.isAsked = true;
  for (let i = 0; i < codes.length; i++) {
    const level = levelAt(codes, i);
    let interest = level > state.maxLevel ? NEVER : known[level];
    if (interest === undefined) {
      let isForAll = targets === undefined;
      for (const dispatch of live) {
        let answer = call(dispatch, "registerTarget", targets?.[i] ?? own, level);
        if (answer === undefined) {
          isForAll = false;
          answer = ask(dispatch, metadataOf(module, i));
        }
        interest = combine(interest, answer);
      }
      interest ??= NEVER;
      if (isForAll) known[level] = interest;
    }
    if (connected) connected.publish(i, interest);
    else cells[i] = interest << 16;
    const callsite = callsites[i];
    if (callsite) {
      callsite.interest = interest;
      // it refers to a subscriber that would otherwise live as long as the callsite
      callsite.bound = undefined;
    }
  }
}

/** The subscribers that something refers to. */
export function liveDispatchers(): readonly Dispatch[] {
  return state.dispatchers.flatMap((weak) => weak.deref() ?? []);
}

/** What one of them says of a callsite. */
export function ask(dispatch: Dispatch, metadata: Metadata): Interest {
  return dispatch.subscriber.registerCallsite
    ? (call(dispatch, "registerCallsite", metadata) ?? NEVER)
    : call(dispatch, "enabled", metadata)
      ? ALWAYS
      : NEVER;
}

function metadataOf({ table, callsites, asked }: Module, index: number): Metadata {
  const found = callsites[index]?.metadata ?? asked[index]?.deref();
  if (found !== undefined) return found;
  const made = metadataAt(table, index);
  asked[index] = new WeakRef(made);
  return made;
}
