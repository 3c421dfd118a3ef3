/** Calls into a subscriber so that neither its exceptions nor its own emissions reach the program. */
import type { Dispatch } from "./dispatcher.ts";
import type { SpanId, Subscriber } from "./subscriber.ts";
import { report } from "./report.ts";
import { state } from "./state.ts";

type Arguments<M extends keyof Subscriber> = Parameters<NonNullable<Subscriber[M]>>;
type Result<M extends keyof Subscriber> = ReturnType<NonNullable<Subscriber[M]>>;

/** `subscriber[method](…)`; `undefined` if there is no such method or it threw (reported once per method). */
export function call<M extends keyof Subscriber>(
  dispatch: Dispatch,
  method: M,
  ...values: Arguments<M>
): Result<M> | undefined {
  const outer = state.busy;
  state.busy = true;
  try {
    state.tap?.(dispatch, method, values);
    // a union of signatures cannot be called with a tuple that depends on M
    const subscriber = dispatch.subscriber as unknown as Record<
      M,
      ((...values: Arguments<M>) => Result<M>) | undefined
    >;
    return subscriber[method]?.(...values);
  } catch (error) {
    failed(method, error);
    return undefined;
  } finally {
    state.busy = outer;
  }
}

/** As `call` for enter and exit, which happen at every suspension: no list of values, no access by a computed name. */
export function cross(dispatch: Dispatch, what: "enter" | "exit", id: SpanId): void {
  const outer = state.busy;
  state.busy = true;
  try {
    if (state.tap !== undefined) state.tap(dispatch, what, [id]);
    const { subscriber } = dispatch;
    if (what === "enter") subscriber.enter(id);
    else subscriber.exit(id);
  } catch (error) {
    failed(what, error);
  } finally {
    state.busy = outer;
  }
}

/** Reports what a subscriber or layer threw, once for each of its methods. */
export function failed(method: string, error: unknown): void {
  report(`failed ${method}`, `a subscriber's ${method} threw`, "error", error);
}
