/** Functions that run inside a span: `inScope`, also where what it answers is a promise. */
import type { Frame, Entered } from "./context.ts";
import { call, tell } from "./call.ts";
import { within } from "./context.ts";
import { isPlainPromise } from "./plain-promise.ts";
import { state } from "./state.ts";

/** Runs `f` inside the span; what an async `f` awaits continues inside. */
export function inScope<R>(span: Entered, f: () => R): R {
  const { dispatch, id } = span;
  return within((frame) => {
    frame.scope = "entered";
    state.scopes++;
    tell(dispatch, "enter", id!);
    let isPending = false;
    try {
      const result = f();
      isPending = isPlainPromise(result);
      return isPending ? (until(span, frame, result as Promise<unknown>) as R) : result;
    } finally {
      frame.scope = "left";
      if (!isPending) over(frame);
      tell(dispatch, "exit", id!);
    }
  }, span);
}

/**
 * Keeps the span open until the promise of an async scope settles. The answer is a promise of our own: a handler
 * on the other one alone would hide that nobody handles its rejection.
 */
function until<T>({ dispatch, id }: Entered, frame: Frame, promise: Promise<T>): Promise<T> {
  call(dispatch, "cloneSpan", id!);
  const leave = (): void => {
    over(frame);
    tell(dispatch, "tryClose", id!);
  };
  return promise.then(
    (value) => {
      leave();
      return value;
    },
    (error: unknown) => {
      leave();
      throw error;
    },
  );
}

function over(frame: Frame): void {
  frame.live = false;
  state.scopes--;
}
