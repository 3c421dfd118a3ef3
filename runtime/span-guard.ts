/** An entry into a span that is ended by hand: it is its own frame, and the subscriber's enter and exit. */
import type { Entered, Frame } from "./context.ts";
import type { SpanGuard } from "./span.ts";
import { tellEnter, tellExit } from "./call.ts";
import { attached, enter, leave } from "./context.ts";
import { dispose } from "./dispose.ts";

class Guard implements SpanGuard, Frame {
  readonly outer: Frame | undefined;
  readonly span: Entered;
  live: boolean;
  scope: Frame["scope"];

  constructor(span: Entered | undefined) {
    this.outer = span && attached();
    this.span = span!;
    this.live = span !== undefined;
    this.scope = undefined;
    if (this.live) enterSpan(this);
  }

  exit(): void {
    exitSpan(this);
  }

  [dispose](): void {
    this.exit();
  }
}

/** Makes a frame the current one, and tells the subscriber. */
export function enterSpan(frame: Frame): void {
  enter(frame);
  tellEnter(frame.span.dispatch, frame.span.id!);
}

/** Ends it, once. */
export function exitSpan(frame: Frame): void {
  if (!frame.live) return;
  leave(frame);
  tellExit(frame.span.dispatch, frame.span.id!);
}

/** What `enter()` answers. */
export function guardOf(span: Entered): SpanGuard {
  return new Guard(span);
}

/** The entry into a disabled span: one frozen object, which is over already. */
export const noGuard: SpanGuard = /*#__PURE__*/ Object.freeze(/*#__PURE__*/ new Guard(undefined));
