/**
 * A function that can be suspended, as generated code sees it: it exits the spans it entered before every
 * suspension and enters them again when it goes on. In Rust a future is entered per poll; this is the same,
 * because the transformer sees every point where the body stops.
 */
import type { Sites } from "./callsite.ts";
import type { Frame } from "./context.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Span } from "./handle.ts";
import { cross } from "./call.ts";
import { moduleOf } from "./callsite.ts";
import { captured, enter, move } from "./context.ts";
import { eventAt } from "./decide.ts";
import { isPlainPromise } from "./plain-promise.ts";
import { state } from "./state.ts";

/** One call of such a function. */
export interface Activation {
  /** The innermost frame when the function was called: what lies above it is its own. */
  base: Frame | undefined;
  /** Its innermost frame, while it is suspended. */
  top: Frame | undefined;
  /** The frame of whoever runs it now, which is restored when it stops. */
  outer: Frame | undefined;
  suspended: boolean;
  /** Suspended by an `await`: what goes on is a continuation of its own, not a part of somebody's call. */
  awaits: boolean;
  /** Going on in such a continuation: AsyncLocalStorage ends its context with it, so there is none to give back. */
  own: boolean;
  /** Up to where the scopes of `inScope` that it was called in were entered again for it. */
  rejoined: Frame | undefined;
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

/**
 * For a function that may enter spans by hand: always there, because the first subscriber may be installed in its
 * very body, as in many a `main`.
 */
export function activation(): Activation {
  return open(captured());
}

/**
 * For a function that only keeps the span it was called in, which AsyncLocalStorage does for it where it exists;
 * the scope of an `inScope` has to be entered again also there.
 */
export function here(): Activation | undefined {
  const base = captured();
  return base === undefined || (state.storage && base.scope === undefined) ? undefined : open(base);
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
  const dispatch = span ? (span as { readonly dispatch?: Dispatch }).dispatch : undefined;
  if (dispatch === undefined && (sites === undefined || (state.maxLevel === 0 && !state.probing))) return here();
  const made = open(captured());
  if (sites !== undefined) made.outcomes = { sites, err, ret, showErr, showRet };
  if (dispatch !== undefined) {
    made.span = span as Span;
    made.frame = enter(dispatch, span as Frame["span"]);
    cross(dispatch, "enter", made.span.id!);
  }
  return made;
}

/** Before an `await`: exits every span of the function, innermost first, and gives the context back. Answers the value. */
export function suspend<T>(activation: Activation | undefined, value?: T): T {
  if (activation !== undefined && !activation.suspended) stop(activation, true);
  return value as T;
}

/** The same before a `yield`, after which the function goes on in the call of its consumer. */
export function yielding<T>(activation: Activation | undefined, value?: T): T {
  if (activation !== undefined && !activation.suspended) stop(activation, false);
  return value as T;
}

/** Enters them again, outermost first. Does nothing if the function was not suspended. Answers the value. */
export function resume<T>(activation: Activation | undefined, value?: T): T {
  if (activation?.suspended) {
    const { base, top } = activation;
    // `stop` left the context where it is, and AsyncLocalStorage has brought it here
    const isKept = activation.own && activation.awaits && state.storage;
    activation.suspended = false;
    activation.own = activation.awaits;
    if (!isKept) {
      activation.outer = captured();
      if (top !== activation.outer) move(top);
    }
    activation.rejoined = rejoin(base);
    reenter(top, base);
  }
  return value as T;
}

/** After the `yield` of a generator that has no spans of its own: it goes on in the span of its consumer. */
export function follow<T>(activation: Activation | undefined, value: T): T {
  if (activation?.suspended) {
    activation.suspended = activation.own = false;
    activation.base = activation.top = activation.outer = captured();
  }
  return value;
}

/** Ends an instrumented function: exits its span and, unless its result is still pending, closes it. */
export function end(activation: Activation | undefined): void {
  if (activation === undefined) return;
  const { frame, span, suspended } = activation;
  // After a rejection that nobody handled, the code that runs is nobody's.
  const outer = suspended ? captured() : activation.outer;
  if (frame !== undefined && span !== undefined) {
    if (!suspended) notify(frame, "exit");
    frame.live = false;
    if (!activation.pending) span.close();
  }
  if (!suspended) part(activation);
  if (!(activation.own && state.storage) && captured() !== outer) move(outer);
}

/**
 * What an instrumented async function returns: its span ends when a promise or another thenable settles. It is
 * answered by one that hands everything on, so that `then` is called once, when and as the language does it.
 */
export function returned<T>(activation: Activation | undefined, value?: T): T {
  if (activation === undefined) return value as T;
  activation.pending = false;
  const then = thenOf(value);
  if (then === undefined) {
    emit(activation, "ret", value);
    return value as T;
  }
  activation.pending = true;
  const adopted: PromiseLike<unknown> = {
    // oxlint-disable-next-line unicorn/no-thenable
    then: (resolve, reject) =>
      then.call(
        value,
        (result: unknown) => {
          settle(activation, "ret", result);
          return resolve?.(result);
        },
        (error: unknown) => {
          settle(activation, "err", error);
          return reject?.(error);
        },
      ) as PromiseLike<never>,
  };
  return adopted as T;
}

/**
 * What an instrumented function that is not async returns. A plain promise is answered by one that settles
 * after the span ended; any other thenable stays itself, because asking it may start it, and the span ends at once.
 */
export function returning<T>(activation: Activation | undefined, value?: T): T {
  if (activation === undefined) return value as T;
  activation.pending = isPlainPromise(value);
  if (!isPlainPromise(value)) {
    emit(activation, "ret", value);
    return value as T;
  }
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
    // A promise that a `finally` threw away is not the result.
    activation.pending = false;
    if (activation.outcomes !== undefined) {
      resume(activation);
      emit(activation, "err", error);
    }
  }
  return error;
}

function open(base: Frame | undefined): Activation {
  return {
    base,
    top: base,
    outer: base,
    suspended: false,
    awaits: false,
    own: false,
    rejoined: base,
    span: undefined,
    frame: undefined,
    pending: false,
    outcomes: undefined,
  };
}

function stop(activation: Activation, awaits: boolean): void {
  const { base } = activation;
  const top = captured();
  for (let frame = top; frame !== base && frame !== undefined; frame = frame.outer) notify(frame, "exit");
  part(activation);
  activation.top = top;
  activation.suspended = true;
  activation.awaits = awaits;
  if (!(activation.own && state.storage) && top !== activation.outer) move(activation.outer);
}

function settle(activation: Activation, outcome: "err" | "ret", value: unknown): void {
  const { span, outcomes } = activation;
  if (outcomes !== undefined && outcomes[outcome] >= 0) {
    if (span === undefined) emit(activation, outcome, value);
    else span.inScope(() => emit(activation, outcome, value));
  }
  span?.close();
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

/** Enters the scopes that were left with a promise, outermost first. Answers the frame below them. */
function rejoin(frame: Frame | undefined): Frame | undefined {
  if (frame?.scope !== "left") return frame;
  const below = rejoin(frame.outer);
  frame.scope = "entered";
  notify(frame, "enter");
  return below;
}

/** Exits what `rejoin` entered. */
function part(activation: Activation): void {
  const { base, rejoined } = activation;
  if (base === rejoined) return;
  for (let frame = base; frame !== rejoined && frame !== undefined; frame = frame.outer) {
    frame.scope = "left";
    notify(frame, "exit");
  }
  activation.rejoined = base;
}

function notify({ live, span, dispatch }: Frame, what: "enter" | "exit"): void {
  if (live && span !== undefined) cross(dispatch, what, span.id);
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
