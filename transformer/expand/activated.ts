import type { Callsite } from "../callsite/callsite.ts";
import type { Instrumented } from "../callsite/find-instrumented.ts";
import { declaredTwice } from "../callsite/parameters.ts";
import type { Node, Program } from "../parse.ts";
import { isFunction, type FunctionNode } from "../syntax.ts";
import { guardOf, type Slot } from "./guard.ts";
import type { Names } from "./names.ts";
import type { Survey } from "./survey.ts";

/** A function (or the module itself) that gets an activation, and the span it begins with, if it is instrumented. */
export interface Activated {
  readonly fn: FunctionNode | Program;
  /** The source that makes the activation. */
  readonly begin: string;
  /** It is there also when nobody listens. */
  readonly isAlways: boolean;
  readonly instrumented: Instrumented | undefined;
  /** It has no spans of its own: between its yields it is in its consumer's span. */
  readonly follows: boolean;
  /** A promise that it returns may not become its result. */
  readonly canDropResult: boolean;
}

/**
 * The functions that get an activation: the instrumented ones; those that enter spans by hand and suspend; and
 * every async function around a callsite, so that it keeps the span it was called in across its suspensions.
 */
export function activatedFunctions(
  callsites: readonly Callsite[],
  instrumented: readonly Instrumented[],
  traits: Survey,
  slotOf: (callsite: Callsite) => Slot,
  names: Names,
): ReadonlyMap<Node, Activated> {
  const functions = new Map<Node, Activated>();
  const { runtime } = names;
  for (const one of instrumented) {
    if (!isInBuild(one)) continue;
    const { suspends = false, enters = false, canDropResult = false } = traits.get(one.fn) ?? {};
    const isAsync = one.fn.async && !isGenerator(one.fn);
    functions.set(one.fn, {
      fn: one.fn,
      begin: beginOf(one, suspends && enters, slotOf, names),
      isAlways: suspends && enters,
      instrumented: one,
      follows: false,
      canDropResult: isAsync && canDropResult,
    });
  }
  for (const [fn, { suspends, enters }] of traits) {
    if (!suspends || !enters || functions.has(fn) || cannotWrap(fn)) continue;
    add(fn as FunctionNode | Program, "activation", false);
  }
  for (const { call } of callsites.filter(({ levels }) => levels.length > 0)) {
    for (let at = call.parent; at !== undefined && at !== null; at = at.parent) {
      if (!isFunction(at) || functions.has(at) || !at.async || !traits.get(at)?.suspends) continue;
      if (cannotWrap(at)) continue;
      add(at, "here", true);
    }
  }
  return functions;

  function add(fn: FunctionNode | Program, make: "activation" | "here", follows: boolean): void {
    const [begin, isAlways] = [`${runtime}.${make}()`, make === "activation"];
    functions.set(fn, { fn, begin, isAlways, instrumented: undefined, follows, canDropResult: false });
  }
}

/** Legal JavaScript, though not TypeScript: it keeps its span with AsyncLocalStorage only. */
function cannotWrap(fn: Node): boolean {
  return isFunction(fn) && declaredTwice(fn) !== undefined;
}

/** Whether anything of it is left in the build. */
export function isInBuild({ span, err, ret }: Instrumented): boolean {
  return [span, err, ret].some((row) => row !== undefined && row.levels.length > 0);
}

/** Whether a call of it may go on after others ran. */
export function canSuspend(fn: FunctionNode): boolean {
  return fn.async || isGenerator(fn);
}

export function isGenerator(fn: FunctionNode): boolean {
  return "generator" in fn && fn.generator === true;
}

/**
 * The expression that begins an instrumented function: `undefined` when nobody listens, unless the first subscriber may
 * be installed in the body itself.
 */
function beginOf(
  { fn, span, err, ret, values, followsFrom, formats }: Instrumented,
  isAlways: boolean,
  slotOf: (callsite: Callsite) => Slot,
  names: Names,
): string {
  const { runtime, sites } = names;
  const slot = slotOf(span);
  const follows = followsFrom === undefined ? "" : `.followsFrom(${followsFrom})`;
  const suspends = canSuspend(fn);
  const make = `${runtime}.${suspends || follows !== "" ? "span" : "syncSpan"}(${sites}, ${slot.index})?.(${values.join(", ")})${follows}`;
  const indexOf = (row: Callsite | undefined): number =>
    row === undefined || row.levels.length === 0 ? -1 : slotOf(row).index;
  const outcomes = [indexOf(err), indexOf(ret)];
  const isSilent = outcomes.every((index) => index === -1);
  if (isSilent && !isAlways) {
    const other = suspends ? `${runtime}.here()` : "undefined";
    return `${guardOf(slot, names)} ? ${runtime}.${suspends ? "begin" : "beginSync"}(${make}) : ${other}`;
  }
  const guarded = span.levels.length === 0 ? "undefined" : `${guardOf(slot, names)} && ${make}`;
  const shown = [formats.err, formats.ret].map((format) => (format === "value" ? "undefined" : `${runtime}.${format}`));
  const rest = isSilent ? [] : [sites, ...outcomes, ...shown];
  while (rest.at(-1) === "undefined") rest.pop();
  const begin = `${runtime}.${suspends ? "begin" : "beginSync"}(${[guarded, ...rest].join(", ")})`;
  return isAlways ? `${begin} ?? ${runtime}.activation()` : begin;
}
