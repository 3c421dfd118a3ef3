/// <reference lib="esnext.disposable" preserve="true" />
/** Routes to the current subscriber: the innermost scoped default, else the global one, as Rust's `dispatcher`. */
import type { Entered } from "./context.ts";
import type { Subscriber } from "./subscriber.ts";
import { call } from "./call.ts";
import { enter, frameOf, innermost, leave, within } from "./context.ts";
import { dispose } from "./dispose.ts";
import { rebuildInterest } from "./interest.ts";
import { state } from "./state.ts";

/** A subscriber that is known to the callsites. It counts as long as something refers to it. */
export interface Dispatch {
  readonly subscriber: Subscriber;
  /** True for the one that takes nothing. */
  readonly isNone: boolean;
}

/** The dispatcher that takes nothing; as a scoped default it silences the global one. */
export const noDispatch: Dispatch = /*#__PURE__*/ Object.freeze({
  // nothing else of it is ever called
  subscriber: { enabled: () => false } as unknown as Subscriber,
  isNone: true,
});

/** Makes a subscriber known: every callsite asks it from now on, whenever it is the current one. */
export function dispatch(subscriber: Subscriber): Dispatch {
  const made = { subscriber, isNone: false };
  state.dispatchers.push(new WeakRef(made));
  call(made, "onRegisterDispatch", made);
  rebuildInterest();
  return made;
}

/** Sets the default of the whole process; throws an Error if there is one already. */
export function setGlobalDefault(dispatch: Dispatch): void {
  if (!trySetGlobalDefault(dispatch)) {
    throw new Error(
      "a global default dispatcher has already been set; call init() once, use tryInit(), or withDefault() for a part of the program",
    );
  }
}

/** As `setGlobalDefault`, but answers false if there is one already. */
export function trySetGlobalDefault(dispatch: Dispatch): boolean {
  if (state.global !== undefined) return false;
  state.global = dispatch;
  return true;
}

/** Runs `f` with another default, on Node, Bun and Deno also for everything asynchronous that it starts. */
export function withDefault<R>(dispatch: Dispatch, f: () => R): R {
  state.scoped = true;
  return within(f, scopeOf(dispatch));
}

/** Another default until the answer is disposed of: `using _ = setDefault(d)`. */
export function setDefault(dispatch: Dispatch): Disposable {
  state.scoped = true;
  const frame = frameOf(scopeOf(dispatch));
  enter(frame);
  return { [dispose]: () => leave(frame) };
}

/** The current dispatcher; `noDispatch` where there is none, and inside a subscriber's own callbacks. */
export function getDefault(): Dispatch {
  if (state.busy) return noDispatch;
  return (state.scoped ? scopedDefault() : undefined) ?? state.global ?? noDispatch;
}

function scopedDefault(): Dispatch | undefined {
  let frame = innermost();
  while (frame !== undefined && (!frame.live || frame.span.metadata !== undefined)) frame = frame.outer;
  return frame?.span.dispatch;
}

function scopeOf(dispatch: Dispatch): Entered {
  return { dispatch, id: undefined, metadata: undefined };
}
