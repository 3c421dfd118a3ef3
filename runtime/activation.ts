/**
 * A function that can be suspended, as generated code sees it: it exits the spans it entered before every
 * suspension and enters them again when it goes on. In Rust a future is entered per poll; this is the same,
 * because the transformer sees every point where the body stops.
 */
import type { Sites } from "./callsite.ts";
import type { Frame } from "./context.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Span } from "./handle.ts";
import { call } from "./call.ts";
import { moduleOf } from "./callsite.ts";
import { captured, enter, leave, move } from "./context.ts";
import { eventAt } from "./decide.ts";
import { state } from "./state.ts";

/** One call of such a function. */
export interface Activation {
  /** The innermost frame when the function was called: what lies above it is its own. */
  readonly base: Frame | undefined;
  /** Its innermost frame, while it is suspended. */
  top: Frame | undefined;
  /** The frame of whoever runs it now, which is restored when it stops. */
  outer: Frame | undefined;
  suspended: boolean;
  /** The span of an instrumented function, and the entry into it. */
  span: Span | undefined;
  frame: Frame | undefined;
  /** Set once the result is a promise: the span ends when that settles. */
  pending: boolean;
  outcomes: Outcomes | undefined;
}

/** The events for what a function throws and returns. */
interface Outcomes {
  readonly sites: Sites;
  readonly err: number;
  readonly ret: number;
  readonly showErr: Show | undefined;
  readonly showRet: Show | undefined;
}

type Show = (value: unknown) => unknown;

/** For a function that may enter spans by hand. `undefined` while nothing is recorded at all. */
export function activation(): Activation | undefined {
  if (state.maxLevel === 0 && !state.probing) return undefined;
  const base = captured();
  return {
    base,
    top: base,
    outer: base,
    suspended: false,
    span: undefined,
    frame: undefined,
    pending: false,
    outcomes: undefined,
  };
}

/** For a function that only keeps the span it was called in, which AsyncLocalStorage does for it where it exists. */
export function here(): Activation | undefined {
  return state.storage || captured() === undefined ? undefined : activation();
}

/** For an instrumented function: enters its span, if somebody wants that, until `end`. */
export function begin(
  span: Span | false | undefined,
  sites?: Sites,
  err = -1,
  ret = -1,
  showErr?: Show,
  showRet?: Show,
): Activation | undefined {
  const made = activation();
  if (made === undefined) return undefined;
  if (sites !== undefined) made.outcomes = { sites, err, ret, showErr, showRet };
  const dispatch = span ? (span as { readonly dispatch?: Dispatch }).dispatch : undefined;
  if (span && dispatch !== undefined) {
    made.span = span;
    made.frame = enter(dispatch, span as Frame["span"]);
    call(dispatch, "enter", span.id!);
  }
  return made;
}

/** Exits every span of the function, innermost first, and gives the context back. Answers the value. */
export function suspend<T>(activation: Activation | undefined, value?: T): T {
  if (activation !== undefined && !activation.suspended) {
    const { base } = activation;
    const top = captured();
    for (let frame = top; frame !== base && frame !== undefined; frame = frame.outer) notify(frame, "exit");
    activation.top = top;
    activation.suspended = true;
    if (top !== activation.outer) move(activation.outer);
  }
  return value as T;
}

/** Enters them again, outermost first. Does nothing if the function was not suspended. Answers the value. */
export function resume<T>(activation: Activation | undefined, value?: T): T {
  if (activation?.suspended) {
    const { base, top } = activation;
    activation.suspended = false;
    activation.outer = captured();
    if (top !== activation.outer) move(top);
    reenter(top, base);
  }
  return value as T;
}

/** Ends an instrumented function: exits its span and, unless its result is still pending, closes it. */
export function end(activation: Activation | undefined): void {
  if (activation === undefined) return;
  const { frame, span, suspended, outer } = activation;
  if (frame !== undefined && span !== undefined) {
    if (!suspended) notify(frame, "exit");
    leave(frame);
    if (!activation.pending) span.close();
  }
  if (captured() !== outer) move(outer);
}

/** What an instrumented async function returns: its span ends when a promise settles. */
export function returned<T>(activation: Activation | undefined, value?: T): T {
  if (activation === undefined) return value as T;
  if (!isPromise(value)) {
    emit(activation, "ret", value);
    return value as T;
  }
  activation.pending = true;
  // The function's own promise carries the rejection on, so this handler hides nothing.
  value.then(
    (result) => settle(activation, "ret", result),
    (error: unknown) => settle(activation, "err", error),
  );
  return value;
}

/**
 * What an instrumented function that is not async returns. A plain promise is answered by one that settles
 * after the span ended; any other thenable stays itself, because asking it may start it, and the span ends at once.
 */
export function returning<T>(activation: Activation | undefined, value?: T): T {
  if (activation === undefined) return value as T;
  if (!isPromise(value) || Object.getPrototypeOf(value) !== Promise.prototype || Reflect.ownKeys(value).length > 0) {
    emit(activation, "ret", value);
    return value as T;
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
export function failed(activation: Activation | undefined, error: unknown): unknown {
  if (activation !== undefined) {
    resume(activation);
    emit(activation, "err", error);
  }
  return error;
}

function settle(activation: Activation, outcome: "err" | "ret", value: unknown): void {
  const { span } = activation;
  if (span === undefined) emit(activation, outcome, value);
  else {
    span.inScope(() => emit(activation, outcome, value));
    span.close();
  }
}

function emit({ outcomes }: Activation, outcome: "err" | "ret", value: unknown): void {
  if (outcomes === undefined || outcomes[outcome] < 0) return;
  const { cells, callsites } = moduleOf(outcomes.sites);
  const index = outcomes[outcome];
  const show = outcome === "err" ? outcomes.showErr : outcomes.showRet;
  if (cells[index] !== 0) eventAt(callsites[index]!)?.(show === undefined ? value : show(value));
}

function reenter(frame: Frame | undefined, base: Frame | undefined): void {
  if (frame === base || frame === undefined) return;
  reenter(frame.outer, base);
  notify(frame, "enter");
}

function notify({ live, span, dispatch }: Frame, what: "enter" | "exit"): void {
  if (live && span !== undefined) call(dispatch, what, span.id);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}
