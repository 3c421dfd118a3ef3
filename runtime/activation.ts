/** One call of a function that can be suspended, as generated code sees it. */
import type { Sites } from "./module.ts";
import type { Entered, Frame } from "./context.ts";
import type { Span } from "./handle.ts";
import type { Outcomes, Show } from "./outcome.ts";
import { isFollowed, tell } from "./call.ts";
import { captured, kept, move, prepare, skip } from "./context.ts";
import { state } from "./state.ts";
import { part } from "./suspension.ts";

/** The span of an instrumented function. */
type Own = Span & Entered;

/** An instrumented function's is also the frame of its span. */
export class Activation implements Omit<Frame, "span"> {
  /** The innermost live frame when the function was called: what lies above it is its own. */
  outer: Frame | undefined;
  readonly span: Own | undefined;
  live: boolean;
  scope: Frame["scope"];
  /** Whether the subscriber was told that the span is entered. */
  told: boolean;
  /** Its innermost frame, while it is suspended. */
  top: Frame | undefined;
  /** The frame of whoever runs it now, which is restored when it stops. */
  caller: Frame | undefined;
  suspended: boolean;
  /** Suspended by an `await`: what goes on is a continuation of its own, not a part of somebody's call. */
  awaits: boolean;
  /** Going on in such a continuation: AsyncLocalStorage ends its context with it, so there is none to give back. */
  own: boolean;
  /** Up to where the scopes of `inScope` that it was called in were entered again for it. */
  rejoined: Frame | undefined;
  /** Set once the result is a promise: the span ends when that settles. */
  pending: boolean;
  outcomes: Outcomes | undefined;

  constructor(caller: Frame | undefined, span: Own | undefined) {
    const outer = skip(caller);
    this.outer = outer;
    this.span = span;
    this.live = span !== undefined;
    this.scope = undefined;
    this.told = false;
    this.top = undefined;
    this.caller = caller;
    this.suspended = false;
    this.awaits = false;
    this.own = false;
    this.rejoined = outer;
    this.pending = false;
    this.outcomes = undefined;
  }
}

/**
 * For a function that may enter spans by hand: always there, because the first subscriber may be installed in its
 * very body, as in many a `main`.
 */
export function activation(): Activation {
  if (state.current.frame !== undefined) prepare();
  return new Activation(kept(), undefined);
}

/**
 * For a function that only keeps the span it was called in, which AsyncLocalStorage does for it where it exists;
 * the scope of an `inScope` has to be entered again also there.
 */
export function here(): Activation | undefined {
  const { current, scopes } = state;
  if (current.frame !== undefined) prepare();
  if (state.storage ? scopes === 0 : current.frame === undefined) return undefined;
  const made = new Activation(kept(), undefined);
  return state.storage && made.outer?.scope === undefined ? undefined : made;
}

/** For an instrumented function that can be suspended: enters its span, if somebody wants that, until `end`. */
export function begin(
  span: Span | false | undefined,
  sites?: Sites,
  err = -1,
  ret = -1,
  showErr?: Show,
  showRet?: Show,
): Activation | undefined {
  const own = span && (span as Own).dispatch !== undefined ? (span as Own) : undefined;
  if (own === undefined && (sites === undefined || (state.maxLevel === 0 && !state.probing))) return here();
  if (own !== undefined) prepare();
  const made = new Activation(kept(), own);
  if (sites !== undefined) made.outcomes = { sites, err, ret, showErr, showRet };
  if (own !== undefined) {
    move(made as Frame);
    made.told = isFollowed(own.dispatch);
    if (made.told) tell(own.dispatch, "enter", own.id!);
  }
  return made;
}

/** Ends an instrumented function: exits its span and, unless its result is still pending, closes it. */
export function end(activation: Activation | undefined): void {
  if (activation === undefined) return;
  const { span, suspended, caller } = activation;
  if (span !== undefined) {
    if (activation.told && !suspended) tell(span.dispatch, "exit", span.id!);
    activation.live = false;
    if (!activation.pending) span.close();
  }
  // after a rejection that nobody handled, the code that runs is nobody's
  if (suspended) return;
  if (activation.rejoined !== activation.outer) part(activation);
  if (activation.own && state.storage) return;
  if (span !== undefined || captured() !== caller) move(caller);
}
