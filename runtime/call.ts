/** Calls into a subscriber so that neither its exceptions nor its own emissions reach the program. */
import type { Dispatch } from "./dispatcher.ts";
import type { SpanId, Subscriber } from "./subscriber.ts";
import { report } from "./report.ts";
import { state } from "./state.ts";

type Methods = Omit<Subscriber, "followsEntries" | "keepsEvents">;
type Method = keyof Methods;
type Arguments<M extends Method> = Parameters<NonNullable<Methods[M]>>;
type Result<M extends Method> = ReturnType<NonNullable<Methods[M]>>;

/** `subscriber[method](…)`; `undefined` if there is no such method or it threw (reported once per method). */
export function call<M extends Method>(dispatch: Dispatch, method: M, ...values: Arguments<M>): Result<M> | undefined {
  const outer = state.busy;
  state.busy = true;
  try {
    state.tap?.(dispatch, method, values[0] as SpanId, values[1]);
    // a union of signatures cannot be called with a tuple that depends on M
    const methods = dispatch.subscriber as unknown as Record<M, ((...values: Arguments<M>) => Result<M>) | undefined>;
    return methods[method]?.(...values);
  } catch (error) {
    failed(method, error);
    return undefined;
  } finally {
    state.busy = outer;
  }
}

// What happens to a span happens often: no list of values, no access by a computed name, and small enough to be
// compiled into its callers. What is caught here cannot be thrown on, so there is no need for a `finally`.

/** `subscriber.enter(id)`. */
export function tellEnter(dispatch: Dispatch, id: SpanId): void {
  const outer = state.busy;
  state.busy = true;
  try {
    if (state.tap !== undefined) state.tap(dispatch, "enter", id);
    dispatch.subscriber.enter(id);
  } catch (error) {
    failed("enter", error);
  }
  state.busy = outer;
}

/** `subscriber.exit(id)`. */
export function tellExit(dispatch: Dispatch, id: SpanId): void {
  const outer = state.busy;
  state.busy = true;
  try {
    if (state.tap !== undefined) state.tap(dispatch, "exit", id);
    dispatch.subscriber.exit(id);
  } catch (error) {
    failed("exit", error);
  }
  state.busy = outer;
}

/** `subscriber.tryClose(id)`. */
export function tellClose(dispatch: Dispatch, id: SpanId): void {
  const outer = state.busy;
  state.busy = true;
  try {
    if (state.tap !== undefined) state.tap(dispatch, "tryClose", id);
    dispatch.subscriber.tryClose?.(id);
  } catch (error) {
    failed("tryClose", error);
  }
  state.busy = outer;
}

/** Reports what a subscriber or layer threw, once for each of its methods. */
export function failed(method: string, error: unknown): void {
  report(`failed ${method}`, `a subscriber's ${method} threw`, "error", error);
}
