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

/**
 * `subscriber[step](id)`. What happens to a span happens often: no list of values, no access by a computed name, and small
 * enough to be compiled into its callers. What is caught here cannot be thrown on, so there is no need for a `finally`.
 */
export function tell(dispatch: Dispatch, step: "enter" | "exit" | "tryClose", id: SpanId): void {
  const outer = state.busy;
  state.busy = true;
  try {
    if (state.tap !== undefined) state.tap(dispatch, step, id);
    const { subscriber } = dispatch;
    if (step === "enter") subscriber.enter(id);
    else if (step === "exit") subscriber.exit(id);
    else subscriber.tryClose?.(id);
  } catch (error) {
    failed(step, error);
  }
  state.busy = outer;
}

/** Whether anybody is to be told of the entries into an instrumented function's span. */
export function isFollowed({ subscriber }: Dispatch): boolean {
  return subscriber.followsEntries !== false || state.tap !== undefined;
}

/** Reports what a subscriber or layer threw, once for each of its methods. */
export function failed(method: string, error: unknown): void {
  report(`failed ${method}`, `a subscriber's ${method} threw`, "error", error);
}
