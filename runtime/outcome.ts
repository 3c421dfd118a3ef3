/** What an instrumented function returns and throws: the events for it, and a result that is pending. */
import type { Activation } from "./activation.ts";
import type { Sites } from "./module.ts";
import type { SyncCall } from "./sync-call.ts";
import { callsiteAt } from "./callsite.ts";
import { moduleOf } from "./module.ts";
import { eventAt } from "./decide.ts";
import { isPlainPromise } from "./plain-promise.ts";
import { inScope } from "./scope.ts";
import { resume } from "./suspension.ts";

/** The callsites of the events, -1 for none, and how they show the values. */
export interface Outcomes {
  readonly sites: Sites;
  readonly err: number;
  readonly ret: number;
  readonly showErr: Show | undefined;
  readonly showRet: Show | undefined;
}

export type Show = (value: unknown) => unknown;

/** What ends with a result. */
type Instrumented = Activation | SyncCall;

/**
 * What an instrumented async function returns: its span ends when a promise or another thenable settles. It is
 * answered by one that hands everything on, so that `then` is called once, when and as the language does it.
 */
export function returned<T>(activation: Instrumented | undefined, value?: T): T {
  if (activation === undefined) return value as T;
  activation.pending = false;
  const then = thenOf(value);
  if (then === undefined) {
    emit(activation, "ret", value);
    return value as T;
  }
  activation.pending = true;
  const isPlain = isPlainPromise(value);
  const adopted: PromiseLike<unknown> = {
    // oxlint-disable-next-line unicorn/no-thenable
    then(resolve, reject) {
      const settled = then.call(
        value,
        (result: unknown) => {
          settle(activation, "ret", result);
          return resolve?.(result);
        },
        (error: unknown) => {
          settle(activation, "err", error);
          return reject?.(error);
        },
      ) as PromiseLike<never>;
      // Too late to do anything; but V8 finds the function that waits for ours by this reaction, for stack traces.
      if (isPlain) void settled.then(resolve, reject);
      return settled;
    },
  };
  return adopted as T;
}

/**
 * What an instrumented function that is not async returns. A plain promise is answered by one that settles
 * after the span ended; any other thenable stays itself, because asking it may start it, and the span ends at once.
 */
export function returning<T>(activation: SyncCall | undefined, value?: T): T {
  if (activation === undefined) return value as T;
  activation.pending = false;
  return typeof value === "object" || activation.outcomes !== undefined
    ? outcomeOf(activation, value as T)
    : (value as T);
}

function outcomeOf<T>(activation: SyncCall, value: T): T {
  if (!isPlainPromise(value)) {
    emit(activation, "ret", value);
    return value;
  }
  activation.pending = true;
  return value.then(
    (result) => {
      settle(activation, "ret", result);
      return result;
    },
    (error: unknown) => {
      settle(activation, "err", error);
      throw error;
    },
  ) as T;
}

/** What an instrumented function throws, which its caller throws on. */
export function failed(activation: Instrumented | undefined, error: unknown): unknown {
  if (activation !== undefined) {
    // A promise that a `finally` threw away is not the result.
    activation.pending = false;
    if (activation.outcomes !== undefined) {
      if ("suspended" in activation) resume(activation);
      emit(activation, "err", error);
    }
  }
  return error;
}

function settle(activation: Instrumented, outcome: "err" | "ret", value: unknown): void {
  const { span, outcomes } = activation;
  if (outcomes !== undefined && outcomes[outcome] >= 0) {
    if (span === undefined) emit(activation, outcome, value);
    else inScope(span, () => emit(activation, outcome, value));
  }
  span?.close();
}

function emit({ outcomes }: Instrumented, outcome: "err" | "ret", value: unknown): void {
  if (outcomes === undefined || outcomes[outcome] < 0) return;
  const module = moduleOf(outcomes.sites);
  const index = outcomes[outcome];
  const show = outcome === "err" ? outcomes.showErr : outcomes.showRet;
  if (module.cells[index] !== 0) eventAt(callsiteAt(module, index))?.(show === undefined ? value : show(value));
}

/** The `then` of a thenable; one that throws is asked again by the language, which knows what to do. */
function thenOf(value: unknown): ((...handlers: unknown[]) => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    const { then } = value as { readonly then?: unknown };
    return typeof then === "function" ? (then as (...handlers: unknown[]) => unknown) : undefined;
  } catch {
    return undefined;
  }
}
