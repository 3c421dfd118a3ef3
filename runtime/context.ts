/** The current spans and dispatcher: a chain of frames, carried by AsyncLocalStorage where it exists, else a variable. */
import type { Dispatch } from "./dispatcher.ts";
import type { Metadata } from "./metadata.ts";
import type { SpanId } from "./subscriber.ts";
import { storage } from "./platform.ts";
import { state } from "./state.ts";

/** A span that was entered, or (without a span) a scoped default dispatcher. */
export interface Frame {
  readonly outer: Frame | undefined;
  readonly dispatch: Dispatch;
  readonly span: { readonly id: SpanId; readonly metadata: Metadata } | undefined;
  /** False once exited. Frames are skipped, not unlinked: guards end out of order, and contexts keep what they captured. */
  live: boolean;
  /**
   * Of the scope of an `inScope` only: `"left"` once its function returned a promise, so that what goes on in it
   * enters the span again.
   */
  scope: "entered" | "left" | undefined;
}

/** The innermost frame that is still live. */
export function innermost(): Frame | undefined {
  return skip(captured());
}

/** The frame that the running code was started in, whether it is still live or not. */
export function captured(): Frame | undefined {
  return state.storage ? state.storage.getStore() : state.frame;
}

/** The span of the innermost live frame that `wanted` accepts. */
export function currentSpan(wanted: (frame: Frame) => boolean): Frame["span"] {
  for (let frame = innermost(); frame !== undefined; frame = skip(frame.outer)) {
    if (frame.span !== undefined && wanted(frame)) return frame.span;
  }
  return undefined;
}

/** Makes a new frame the innermost one until `leave`. */
export function enter(dispatch: Dispatch, span?: Frame["span"]): Frame {
  const frame = open(dispatch, span);
  move(frame);
  return frame;
}

/** Ends a frame, wherever it is in the chain. */
export function leave(frame: Frame): void {
  frame.live = false;
  move(innermost());
}

/** Runs `f` inside a new frame; where there is AsyncLocalStorage, what `f` starts stays inside. */
export function within<R>(f: (frame: Frame) => R, dispatch: Dispatch, span?: Frame["span"]): R {
  const frame = open(dispatch, span);
  if (state.storage) return state.storage.run(frame, () => f(frame));
  const outer = state.frame;
  state.frame = frame;
  try {
    return f(frame);
  } finally {
    state.frame = outer;
  }
}

function open(dispatch: Dispatch, span: Frame["span"]): Frame {
  // created with the first frame, because on Node 20 and 22 its mere existence slows async code down
  if (state.storage === undefined) state.storage = storage() ?? null;
  return { outer: innermost(), dispatch, span, live: true, scope: undefined };
}

/** Makes a frame the one that the running code is in. */
export function move(frame: Frame | undefined): void {
  if (state.storage) state.storage.enterWith(frame);
  else state.frame = frame;
}

function skip(frame: Frame | undefined): Frame | undefined {
  while (frame !== undefined && !frame.live) frame = frame.outer;
  return frame;
}
