import type { Callsite } from "../callsite/callsite.ts";
import type { Instrumented } from "../callsite/find-instrumented.ts";
import type { Node } from "../parse.ts";
import { isFunction, type FunctionNode } from "../syntax.ts";
import type { Activated } from "./activate.ts";
import { guardOf, type Slot } from "./guard.ts";
import type { Names } from "./names.ts";

/**
 * The functions that get an activation: the instrumented ones, and every async function or generator around a
 * callsite, so that it keeps the span it was called in across its suspensions.
 */
export function activatedFunctions(
  callsites: readonly Callsite[],
  instrumented: readonly Instrumented[],
  slotOf: (callsite: Callsite) => Slot,
  names: Names,
  code: string,
): ReadonlyMap<Node, Activated> {
  const functions = new Map<Node, Activated>();
  for (const one of instrumented) {
    if (!isInBuild(one)) continue;
    functions.set(one.fn, { fn: one.fn, begin: beginOf(one, slotOf, names), instrumented: one });
  }
  for (const { call } of callsites.filter(({ levels }) => levels.length > 0)) {
    for (let at = call.parent; at !== undefined && at !== null; at = at.parent) {
      if (!isFunction(at) || functions.has(at) || !suspends(at, code)) continue;
      // Only where a span may be entered by hand does the activation have spans of its own to carry.
      const enters = /\.enter(?:ed)?\b/.test(code.slice(at.start, at.end));
      functions.set(at, {
        fn: at,
        begin: `${names.runtime}.${enters ? "activation" : "here"}()`,
        instrumented: undefined,
      });
    }
  }
  return functions;
}

/** Whether anything of it is left in the build. */
export function isInBuild({ span, err, ret }: Instrumented): boolean {
  return [span, err, ret].some((row) => row !== undefined && row.levels.length > 0);
}

function suspends(fn: FunctionNode, code: string): boolean {
  const isSuspendable = fn.async || ("generator" in fn && fn.generator === true);
  return isSuspendable && /\b(?:await|yield)\b/.test(code.slice(fn.start, fn.end));
}

/** The expression that begins an instrumented function: `undefined` when nobody listens. */
function beginOf(instrumented: Instrumented, slotOf: (callsite: Callsite) => Slot, names: Names): string {
  const { fn, span, err, ret, values, followsFrom, formats } = instrumented;
  const { runtime, sites } = names;
  const isSync = !fn.async && !("generator" in fn && fn.generator === true);
  const isStripped = span.levels.length === 0;
  const slot = slotOf(span);
  const follows = followsFrom === undefined ? "" : `.followsFrom(${followsFrom})`;
  const make = `${runtime}.span(${sites}, ${slot.index})?.(${values.join(", ")})${follows}`;
  const indexOf = (row: Callsite | undefined): number =>
    row === undefined || row.levels.length === 0 ? -1 : slotOf(row).index;
  const outcomes = [indexOf(err), indexOf(ret)];
  const isSilent = outcomes.every((index) => index === -1);
  if (isSync && isSilent) return `${guardOf(slot, names)} ? ${runtime}.begin(${make}) : undefined`;
  const guarded = isStripped ? "undefined" : `${guardOf(slot, names)} && ${make}`;
  const shown = [formats.err, formats.ret].map((format) => (format === "value" ? "undefined" : `${runtime}.${format}`));
  const rest = isSilent ? [] : [sites, ...outcomes, ...shown];
  while (rest.at(-1) === "undefined") rest.pop();
  return `${runtime}.begin(${[guarded, ...rest].join(", ")})`;
}
