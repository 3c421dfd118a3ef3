/** The cached answer of all live subscribers to "do you want this callsite", as Rust's `Interest` and its cache. */
import type { Callsite } from "./callsite.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { LevelFilter } from "./level.ts";
import type { Metadata } from "./metadata.ts";
import { call } from "./call.ts";
import { state } from "./state.ts";

/** NEVER: nobody will want it. SOMETIMES: ask `enabled` each time. ALWAYS: everybody wants it, do not ask. */
export const Interest = { NEVER: 0, SOMETIMES: 1, ALWAYS: 2 } as const;
// as constants of their own, which bundlers inline
export const NEVER = 0;
export const SOMETIMES = 1;
export const ALWAYS = 2;
/** 0 never, 1 sometimes, 2 always. */
export type Interest = (typeof Interest)[keyof typeof Interest];

/** Which 16-bit half of a cell is the high one: 1, on a big-endian machine 0. */
export const HIGH: number = /*#__PURE__*/ new Uint8Array(/*#__PURE__*/ new Uint16Array([1]).buffer)[0] ?? 1;

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
    state.dispatchers = state.dispatchers.filter((weak) => weak.deref() !== undefined);
    let max: LevelFilter = 0;
    for (const dispatch of live()) {
      const hint = call(dispatch, "maxLevelHint") ?? 5;
      if (hint > max) max = hint;
    }
    state.maxLevel = max;
    for (const [key, weak] of state.modules) {
      const module = weak.deref();
      if (module === undefined) state.modules.delete(key);
      else module.callsites.forEach(updateInterest);
    }
  } finally {
    state.rebuilding = false;
  }
}

/** Writes a callsite's interest, combined over all live subscribers, level folded in, into its cell's high half. */
export function updateInterest(callsite: Callsite): void {
  let interest: Interest | undefined;
  if (callsite.metadata.level <= state.maxLevel) {
    for (const dispatch of live()) interest = combine(interest, ask(dispatch, callsite.metadata));
  }
  callsite.interest = interest ?? NEVER;
  if (callsite.probe) callsite.probe.publish(callsite.interest);
  else callsite.halves[callsite.at] = callsite.interest;
  // it refers to a subscriber that would otherwise live as long as the callsite
  callsite.bound = undefined;
}

function live(): Dispatch[] {
  return state.dispatchers.flatMap((weak) => weak.deref() ?? []);
}

function ask(dispatch: Dispatch, metadata: Metadata): Interest {
  return dispatch.subscriber.registerCallsite
    ? (call(dispatch, "registerCallsite", metadata) ?? NEVER)
    : call(dispatch, "enabled", metadata)
      ? ALWAYS
      : NEVER;
}
