/** The implementation of spans: handles, the disabled span and the current one. */
import type { Frame } from "./context.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Metadata } from "./metadata.ts";
import type { EnteredSpan, Span as SpanHandle, SpanGuard } from "./span.ts";
import type { SpanId, Subscriber } from "./subscriber.ts";
import { call, tell } from "./call.ts";
import * as context from "./context.ts";
import { getDefault } from "./dispatcher.ts";
import { dispose } from "./dispose.ts";
import { isSet } from "./field.ts";
import { isPlainPromise } from "./plain-promise.ts";
import { placeOf } from "./metadata.ts";
import { report } from "./report.ts";
import { inScope } from "./scope.ts";
import { enterSpan, exitSpan, guardOf } from "./span-guard.ts";
import { state } from "./state.ts";

/** As `span.ts`. */
export type Span<F extends string = string> = SpanHandle<F>;

/** A span of a dispatcher; only the disabled one has none. */
type Live = Handle & { readonly dispatch: Dispatch };

type Handle = InstanceType<typeof Handle>;
// in a function, for esbuild: a class with a computed name it keeps, also in a program without spans
const Handle = /*#__PURE__*/ (() =>
  class Handle implements Span {
    readonly id: SpanId | undefined;
    readonly metadata: Metadata | undefined;
    readonly dispatch: Dispatch | undefined;
    /** Borrowed handles do not count; a counted one is open until it is closed. */
    counted: boolean;

    constructor(
      dispatch: Dispatch | undefined,
      id: SpanId | undefined,
      metadata: Metadata | undefined,
      counted: boolean,
    ) {
      this.id = id;
      this.metadata = metadata;
      this.dispatch = dispatch;
      this.counted = counted;
    }

    enter(): SpanGuard {
      return this.dispatch ? guardOf(this as Live) : noEntry;
    }

    entered(): EnteredSpan {
      return this.dispatch ? new Entry(this as Live) : noEntry;
    }

    inScope<R>(f: () => R): R {
      return this.dispatch ? inScope(this as Live, f) : f();
    }

    bind<F extends (this: never, ...args: never) => unknown>(f: F): F {
      if (this.dispatch === undefined) return f;
      return boundTo(this, f);
    }

    instrument<R>(work: (() => R) | R): R {
      if (typeof work !== "function") return isPlainPromise(work) ? (finished(this, work) as R) : work;
      try {
        const result = this.inScope(work as () => R);
        if (isPlainPromise(result)) return finished(this, result) as R;
        this.close();
        return result;
      } catch (error) {
        this.close();
        throw error;
      }
    }

    record(name: string, value: unknown): this {
      return this.recordAll({ [name]: value });
    }

    recordAll(values: { readonly [name: string]: unknown }): this {
      const { dispatch, metadata } = this;
      if (dispatch === undefined || metadata === undefined) return this;
      const known = new Map<string, unknown>();
      for (const name of Object.keys(values)) {
        if (!metadata.fields.includes(name) && !metadata.layout.includes("...")) {
          report(
            `undeclared ${placeOf(metadata)} ${name}`,
            `${placeOf(metadata)}: the span "${metadata.name}" has no field "${name}"; declare it: { ${JSON.stringify(name)}: Empty }`,
          );
        } else if (isSet(values[name])) known.set(name, values[name]);
      }
      if (known.size > 0) call(dispatch, "record", this.id!, known);
      return this;
    }

    followsFrom(cause: { readonly id: SpanId | undefined } | SpanId | undefined): this {
      const follows = typeof cause === "object" ? cause.id : cause;
      if (this.dispatch && follows !== undefined) call(this.dispatch, "recordFollowsFrom", this.id!, follows);
      return this;
    }

    close(): void {
      if (!this.counted) return;
      this.counted = false;
      state.orphans?.closed(this);
      tell(this.dispatch!, "tryClose", this.id!);
    }

    clone(): Span {
      const { dispatch, id, metadata } = this;
      return dispatch ? new Handle(dispatch, call(dispatch, "cloneSpan", id!) ?? id, metadata, true) : this;
    }

    orCurrent(): Span {
      return this.dispatch ? this : currentSpan();
    }

    isNone(): boolean {
      return this.dispatch === undefined;
    }

    isDisabled(): boolean {
      return this.isNone();
    }

    equals(other: { readonly id: SpanId | undefined }): boolean {
      return this.id === other.id;
    }

    withSubscriber<R>(f: (id: SpanId, subscriber: Subscriber) => R): R | undefined {
      return this.dispatch && f(this.id!, this.dispatch.subscriber);
    }

    [dispose](): void {
      this.close();
    }
  })();

/** A borrowed handle and the entry into it: its own frame. */
class Entry extends Handle implements EnteredSpan, Frame {
  readonly outer: Frame | undefined;
  readonly span: Live;
  live: boolean;
  scope: Frame["scope"];

  constructor(span: Live) {
    super(span.dispatch, span.id, span.metadata, false);
    this.live = span.dispatch !== undefined;
    this.outer = this.live ? context.attached() : undefined;
    this.span = span;
    this.scope = undefined;
    if (this.live) enterSpan(this);
  }

  exit(): Span {
    exitSpan(this);
    return this.span;
  }

  override close(): void {
    this.exit().close();
  }
}

/** The disabled span: one frozen object, whose methods do nothing. */
export const none: Span = /*#__PURE__*/ Object.freeze(/*#__PURE__*/ new Handle(undefined, undefined, undefined, false));
const noEntry: EnteredSpan = /*#__PURE__*/ Object.freeze(/*#__PURE__*/ new Entry(none as Live));

/** A counted handle of a new span. */
export function spanOf(dispatch: Dispatch, id: SpanId, metadata: Metadata): Span {
  const handle = new Handle(dispatch, id, metadata, true);
  state.orphans?.opened(handle, dispatch, id, metadata);
  return handle;
}

/**
 * The current span, borrowed: JavaScript has no destructors, so it is not counted and its `close` does nothing.
 * `clone()` gives a handle that keeps it open.
 */
export function currentSpan(): Span {
  const dispatch = getDefault();
  if (dispatch.isNone) return none;
  const found = dispatch.subscriber.currentSpan
    ? call(dispatch, "currentSpan")
    : context.currentSpan((span) => span.dispatch === dispatch);
  return found ? new Handle(dispatch, found.id, found.metadata, false) : none;
}

/** `Span.current()` and `Span.none()`. */
export const Span: { current(): Span; none(): Span } = {
  current: currentSpan,
  none: () => none,
};

/** Closes a span with the promise that its work has become. */
function finished<T>(span: Handle, promise: Promise<T>): Promise<T> {
  return promise.finally(() => span.close());
}

function boundTo<F extends (this: never, ...args: never) => unknown>(span: Handle, f: F): F {
  return function (this: unknown, ...args: unknown[]): unknown {
    return span.inScope(() => Reflect.apply(f, this, args));
  } as unknown as F;
}
