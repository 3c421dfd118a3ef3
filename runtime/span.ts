/// <reference lib="esnext.disposable" preserve="true" />
/** What a program holds of a span, as Rust's `Span`: it may be entered many times and closes with its last handle. */
import type { Metadata } from "./metadata.ts";
import type { SpanId, Subscriber } from "./subscriber.ts";

/** A span, typed on its declared field names. All methods of a disabled one do nothing. */
export interface Span<F extends string = string> extends Disposable {
  /** `undefined` if the span is disabled. */
  readonly id: SpanId | undefined;
  readonly metadata: Metadata | undefined;
  /** Makes it the current span until the guard is disposed of: `using _ = span.enter()`. */
  enter(): SpanGuard;
  /** As `enter`, and the guard's end also closes the span: `using span = trace.infoSpan!("x").entered()`. */
  entered(): EnteredSpan<F>;
  /**
   * Runs `f` inside the span. If it answers a promise, the span is open and what `f` does after an await is inside
   * until that settles; the answer is then a promise of our own, so that a rejection nobody handles is still told.
   */
  inScope<R>(f: () => R): R;
  /**
   * The same function, run inside the span each time it is called: for a callback that is called later, from where
   * the span would be missing. Does not keep the span open.
   */
  bind<F extends (this: never, ...args: never) => unknown>(f: F): F;
  /**
   * Runs `work` inside the span, and closes the span when it is done: for a promise, when that settles. A promise
   * that was started already is only waited for. Answers the result.
   */
  instrument<R>(work: (() => R) | R): R;
  /** Sets a declared field. The last value wins. */
  record(name: F, value: unknown): this;
  /** Sets several declared fields. */
  recordAll(values: { readonly [K in F]?: unknown }): this;
  /** Says that this span exists because of another one, without being its child. */
  followsFrom(cause: { readonly id: SpanId | undefined } | SpanId | undefined): this;
  /** Gives the handle back, once; the span closes when all handles, entries and children are gone. */
  close(): void;
  /** Another handle of the same span, to be closed on its own. */
  clone(): Span<F>;
  /** This span, or the current one if this one is disabled. */
  orCurrent(): Span<F>;
  /** True if there is no span behind it. */
  isNone(): boolean;
  /** The same: a span that nobody wanted is none. */
  isDisabled(): boolean;
  /** Whether two handles stand for the same span. */
  equals(other: { readonly id: SpanId | undefined }): boolean;
  /** Calls `f` with the span's id and subscriber, if it has them. */
  withSubscriber<R>(f: (id: SpanId, subscriber: Subscriber) => R): R | undefined;
}

/** Exits the span it was made by; `exit()` twice does nothing. */
export interface SpanGuard extends Disposable {
  exit(): void;
}

/** A span and the entry into it. Disposing of it exits and closes; `exit()` gives the span back open. */
export interface EnteredSpan<F extends string = string> extends Span<F> {
  exit(): Span<F>;
}
