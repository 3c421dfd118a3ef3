/** An entry into a span that is ended by hand: it is its own frame, and the subscriber's enter and exit. */
import type { Entered, Frame } from "./context.ts";
import type { SpanGuard } from "./span.ts";
import { tell } from "./call.ts";
import { attached, enter, leave } from "./context.ts";
import { dispose } from "./dispose.ts";

// in a function, for esbuild: a class with a computed name it keeps, also in a program without spans
const Guard = /*#__PURE__*/ (() =>
  class implements SpanGuard, Frame {
    readonly outer: Frame | undefined;
    readonly span: Entered;
    live: boolean;
    scope: Frame["scope"];

    constructor(span: Entered) {
      this.outer = attached();
      this.span = span;
      this.live = true;
      this.scope = undefined;
      enterSpan(this);
    }

    exit(): void {
      exitSpan(this);
    }

    [dispose](): void {
      this.exit();
    }
  })();

/** Makes a frame the current one, and tells the subscriber. */
export function enterSpan(frame: Frame): void {
  enter(frame);
  tell(frame.span.dispatch, "enter", frame.span.id!);
}

/** Ends it, once. */
export function exitSpan(frame: Frame): void {
  if (!frame.live) return;
  leave(frame);
  tell(frame.span.dispatch, "exit", frame.span.id!);
}

/** What `enter()` answers. */
export function guardOf(span: Entered): SpanGuard {
  return new Guard(span);
}
