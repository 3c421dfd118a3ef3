/** The implementation of spans: handles, entries, the disabled span and the current one. */
import type { Frame } from "./context.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Metadata } from "./metadata.ts";
import type { EnteredSpan, Span as SpanHandle, SpanGuard } from "./span.ts";
import type { SpanId, Subscriber } from "./subscriber.ts";
import { call, cross } from "./call.ts";
import * as context from "./context.ts";
import { getDefault } from "./dispatcher.ts";
import { dispose } from "./dispose.ts";
import { isSet } from "./field.ts";
import { isPlainPromise } from "./plain-promise.ts";
import { placeOf } from "./metadata.ts";
import { report } from "./report.ts";
import { state } from "./state.ts";

/** As `span.ts`. */
export type Span<F extends string = string> = SpanHandle<F>;

class Handle implements Span {
  readonly id: SpanId | undefined;
  readonly metadata: Metadata | undefined;
  readonly dispatch: Dispatch | undefined;
  /** Borrowed handles do not count; a counted one is open until it is closed. */
  counted: boolean;

  constructor(dispatch?: Dispatch, id?: SpanId, metadata?: Metadata, counted = true) {
    this.id = id;
    this.metadata = metadata;
    this.dispatch = dispatch;
    this.counted = counted;
  }

  enter(): SpanGuard {
    return this.dispatch ? new Guard(this) : noGuard;
  }

  entered(): EnteredSpan {
    return this.dispatch ? new Entered(this) : noEntered;
  }

  inScope<R>(f: () => R): R {
    const { dispatch, id } = this;
    if (dispatch === undefined) return f();
    const run = (frame: Frame): R => {
      frame.scope = "entered";
      cross(dispatch, "enter", id!);
      let isPending = false;
      try {
        const result = f();
        isPending = isPlainPromise(result);
        return isPending ? (until(this, frame, result as Promise<unknown>) as R) : result;
      } finally {
        // what an async f awaits continues in this frame
        frame.live = isPending;
        frame.scope = "left";
        cross(dispatch, "exit", id!);
      }
    };
    return context.within(run, dispatch, this as Frame["span"]);
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
    call(this.dispatch!, "tryClose", this.id!);
  }

  clone(): Span {
    const { dispatch, id, metadata } = this;
    return dispatch ? new Handle(dispatch, call(dispatch, "cloneSpan", id!) ?? id, metadata) : this;
  }

  orCurrent(): Span {
    return this.dispatch ? this : currentSpan();
  }

  isNone(): boolean {
    return this.dispatch === undefined;
  }

  isDisabled(): boolean {
    return this.dispatch === undefined;
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
}

/** An entry into a span: the frame, and the subscriber's enter and exit. */
class Guard implements SpanGuard {
  readonly span: Handle;
  readonly frame: Frame | undefined;

  constructor(span: Handle) {
    this.span = span;
    if (span.dispatch === undefined) return;
    this.frame = context.enter(span.dispatch, span as Frame["span"]);
    cross(span.dispatch, "enter", span.id!);
  }

  exit(): void {
    if (!this.frame?.live) return;
    context.leave(this.frame);
    cross(this.span.dispatch!, "exit", this.span.id!);
  }

  [dispose](): void {
    this.exit();
  }
}

class Entered extends Handle implements EnteredSpan {
  readonly origin: Handle;
  readonly guard: SpanGuard;

  constructor(origin: Handle) {
    super(origin.dispatch, origin.id, origin.metadata, false);
    this.origin = origin;
    this.guard = new Guard(origin);
  }

  exit(): Span {
    this.guard.exit();
    return this.origin;
  }

  override close(): void {
    this.exit().close();
  }
}

/** The disabled span: one frozen object, whose methods do nothing. */
export const none: Span = /*#__PURE__*/ Object.freeze(/*#__PURE__*/ new Handle(undefined, undefined, undefined, false));
const noGuard: SpanGuard = /*#__PURE__*/ Object.freeze(/*#__PURE__*/ new Guard(none as Handle));
const noEntered: EnteredSpan = /*#__PURE__*/ Object.freeze(/*#__PURE__*/ new Entered(none as Handle));

/** A counted handle of a new span. */
export function spanOf(dispatch: Dispatch, id: SpanId, metadata: Metadata): Span {
  const handle = new Handle(dispatch, id, metadata);
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
    : context.currentSpan((frame) => frame.dispatch === dispatch);
  return found ? new Handle(dispatch, found.id, found.metadata, false) : none;
}

/** `Span.current()` and `Span.none()`. */
export const Span: { current(): Span; none(): Span } = {
  current: currentSpan,
  none: () => none,
};

/**
 * Keeps the span open until the promise of an async scope settles. The answer is a promise of our own: a handler
 * on the other one alone would hide that nobody handles its rejection.
 */
function until<T>({ dispatch, id }: Handle, frame: Frame, promise: Promise<T>): Promise<T> {
  call(dispatch!, "cloneSpan", id!);
  const leave = (): void => {
    frame.live = false;
    call(dispatch!, "tryClose", id!);
  };
  return promise.then(
    (value) => {
      leave();
      return value;
    },
    (error: unknown) => {
      leave();
      throw error;
    },
  );
}

/** Closes a span with the promise that its work has become. */
function finished<T>(span: Handle, promise: Promise<T>): Promise<T> {
  return promise.finally(() => span.close());
}

function boundTo<F extends (this: never, ...args: never) => unknown>(span: Handle, f: F): F {
  return function (this: unknown, ...args: unknown[]): unknown {
    return span.inScope(() => Reflect.apply(f, this, args));
  } as unknown as F;
}
