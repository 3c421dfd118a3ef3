/** The current spans and dispatcher: a chain of frames, carried by AsyncLocalStorage where it exists, else a variable. */
import type { Dispatch } from "./dispatcher.ts";
import type { Metadata } from "./metadata.ts";
import type { SpanId } from "./subscriber.ts";
import { storage } from "./platform.ts";
import { state } from "./state.ts";

/** What is entered: a span or, without metadata, a scoped default dispatcher. */
export interface Entered {
  readonly dispatch: Dispatch;
  readonly id: SpanId | undefined;
  readonly metadata: Metadata | undefined;
}

/** One entry. What makes an entry is its own frame where it can be: guards, activations. */
export interface Frame {
  readonly outer: Frame | undefined;
  readonly span: Entered;
  /** False once exited. Frames are skipped, not unlinked: guards end out of order, and contexts keep what they captured. */
  live: boolean;
  /**
   * Of the scope of an `inScope` only: `"left"` once its function returned a promise, so that what goes on in it
   * enters the span again.
   */
  scope: "entered" | "left" | undefined;
  /** Of the call of a synchronous function only: what AsyncLocalStorage held when it began, and holds on. */
  readonly base?: Frame | undefined;
}

/** The innermost frame that is still live. */
export function innermost(): Frame | undefined {
  return skip(captured());
}

/**
 * The frame that the running code was started in, whether it is still live or not. Where there is AsyncLocalStorage,
 * `state.current` holds calls of synchronous functions only: one counts while the store is what it was called in.
 */
export function captured(): Frame | undefined {
  const {
    storage,
    current: { frame },
  } = state;
  if (!storage) return frame;
  const store = storage.getStore();
  return frame !== undefined && frame.base === store ? frame : store;
}

/** The same for what may outlive the calls around it: their frames are not used again. */
export function kept(): Frame | undefined {
  state.holds++;
  return captured();
}

/** The first live frame of a chain. */
export function skip(frame: Frame | undefined): Frame | undefined {
  while (frame !== undefined && !frame.live) frame = frame.outer;
  return frame;
}

/** The span of the innermost live frame that `wanted` accepts. */
export function currentSpan(wanted: (span: Entered) => boolean): Entered | undefined {
  for (let frame = innermost(); frame !== undefined; frame = skip(frame.outer)) {
    if (frame.span.metadata !== undefined && wanted(frame.span)) return frame.span;
  }
  return undefined;
}

/** Where a new frame hangs. */
export function attached(): Frame | undefined {
  prepare();
  return skip(kept());
}

/** Makes a frame the innermost one until `leave`. */
export function enter(frame: Frame): void {
  state.entries++;
  move(frame);
}

/** Ends an entry, wherever its frame is in the chain. */
export function leave(frame: Frame): void {
  state.entries--;
  frame.live = false;
  move(innermost());
}

/** Runs `f` inside a new frame; where there is AsyncLocalStorage, what `f` starts stays inside. */
export function within<R>(f: (frame: Frame) => R, span: Entered): R {
  const frame = frameOf(span);
  if (state.storage) return state.storage.run(frame, () => f(frame));
  const outer = state.current.frame;
  state.current.frame = frame;
  try {
    return f(frame);
  } finally {
    state.current.frame = outer;
  }
}

/** A frame for what has no better object for it. */
export function frameOf(span: Entered): Frame {
  return { outer: attached(), span, live: true, scope: undefined };
}

/** Creates the storage with the first frame: on Node 20 and 22 its mere existence slows async code down. */
export function prepare(): void {
  if (state.storage === undefined) state.storage = storage() ?? null;
}

/** Makes a frame the one that the running code is in. */
export function move(frame: Frame | undefined): void {
  if (state.storage) state.storage.enterWith(frame && "base" in frame ? frame.base : frame);
  else state.current.frame = frame;
}

/**
 * An object that is older than what it refers to is written down by the collector each time, 8 to 10 ns; those that are
 * used again and again are replaced now and then, so that they stay young.
 */
export function rejuvenate(): void {
  state.current = { frame: state.current.frame, spare: undefined };
}
