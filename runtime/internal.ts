/** What generated code calls, and nothing else does. The contract is in ARCHITECTURE.md. */
import type { Callsite } from "./callsite.ts";
import type { Sites } from "./module.ts";
import type { Emit } from "./decide.ts";
import type { HandleOf, MakeSpan } from "./make-span.ts";
import { callsiteAt } from "./callsite.ts";
import { moduleOf } from "./module.ts";
import { enabledAt, eventAt } from "./decide.ts";
import { checkLevel } from "./check-level.ts";
import { spanAt } from "./make-span.ts";
import { placeOf } from "./metadata.ts";
import { syncCallOf } from "./sync-call.ts";

export type { Sites } from "./module.ts";
export type { Row, Table } from "./table.ts";
export { activation, begin, end, here } from "./activation.ts";
export { debug, display } from "./field.ts";
export { none } from "./handle.ts";
export { failed, returned, returning } from "./outcome.ts";
export { beginSync, endSync } from "./sync-call.ts";
export { resources } from "./resources.ts";
export { delegate, delegateAsync, destructured, iterable, reentry } from "./suspended.ts";
export { follow, resume, suspend, yielding } from "./suspension.ts";

/** The cells of a module's callsites, registered on the first call. */
export function cells(sites: Sites): Int32Array {
  return moduleOf(sites).cells;
}

// What stands behind a guard looks the callsite up by itself: a function of less than 28 bytes of bytecode V8 would put
// into the code of every caller, who then has less room for functions of its own.

/** The decision for an event: the function that takes its values, or `undefined`. */
export function event(sites: Sites, index: number): Emit | undefined {
  const module = moduleOf(sites);
  return eventAt(module.callsites[index] ?? callsiteAt(module, index));
}

/** The decision for a span: the function that takes its values and makes it, or `undefined`. */
export function span(sites: Sites, index: number): MakeSpan | undefined {
  const module = moduleOf(sites);
  return spanAt(module.callsites[index] ?? callsiteAt(module, index));
}

/** As `span`, for an instrumented function that is never suspended. */
export function syncSpan(sites: Sites, index: number): MakeSpan | undefined {
  const module = moduleOf(sites);
  return spanAt(module.callsites[index] ?? callsiteAt(module, index), syncCallOf as unknown as HandleOf);
}

/** Whether the callsite would be recorded now. */
export function enabled(sites: Sites, index: number): boolean {
  const module = moduleOf(sites);
  return enabledAt(module.callsites[index] ?? callsiteAt(module, index));
}

/** As `event`, for the callsite of `level` in the run of callsites that begins with ERROR at `first`. */
export function dynamicEvent(sites: Sites, first: number, level: unknown): Emit | undefined {
  const callsite = ofLevel(sites, first, level);
  return callsite && eventAt(callsite);
}

/** As `span`, for the callsite of `level`. */
export function dynamicSpan(sites: Sites, first: number, level: unknown): MakeSpan | undefined {
  const callsite = ofLevel(sites, first, level);
  return callsite && spanAt(callsite);
}

/** `undefined` above the static maximum, and (reported once per place) if it is no level at all. */
function ofLevel(sites: Sites, first: number, value: unknown): Callsite | undefined {
  const module = moduleOf(sites);
  const start = callsiteAt(module, first).metadata;
  const level = checkLevel(value, placeOf(start));
  if (level === undefined) return undefined;
  const index = first + level - 1;
  if (index >= module.cells.length) return undefined;
  const callsite = callsiteAt(module, index);
  const found = callsite.metadata;
  return found.level === level && found.line === start.line && found.column === start.column ? callsite : undefined;
}
