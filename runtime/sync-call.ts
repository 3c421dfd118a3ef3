/**
 * One call of an instrumented function that is never suspended, as generated code sees it: handle, frame and activation
 * of its span in one. Such calls end in the order in which they began, so a variable holds the innermost one and
 * AsyncLocalStorage is left alone: what it carries away holds no span that ends before it goes on. What held nothing is
 * used again.
 */
import type { Sites } from "./module.ts";
import type { Entered, Frame } from "./context.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Metadata } from "./metadata.ts";
import type { Outcomes, Show } from "./outcome.ts";
import type { Span } from "./span.ts";
import type { SpanId } from "./subscriber.ts";
import { isFollowed, tell } from "./call.ts";
import { skip } from "./context.ts";
import { state } from "./state.ts";

/** A span that is closed once. */
type Own = Entered & Pick<Span, "close">;

export class SyncCall implements Omit<Frame, "span"> {
  dispatch: Dispatch | undefined = undefined;
  id: SpanId | undefined = undefined;
  metadata: Metadata | undefined = undefined;
  /** Itself, or a handle that came from elsewhere. */
  span: Own | undefined = undefined;
  closed = false;
  outer: Frame | undefined = undefined;
  /** What was the innermost frame, as far as variables know, and is again. */
  caller: Frame | undefined = undefined;
  base: Frame | undefined = undefined;
  live = false;
  scope: Frame["scope"] = undefined;
  /** `state.holds` when it began: something may hold it if that has changed. */
  holds = 0;
  /** Whether the subscriber was told that the span is entered. */
  told = false;
  /** Set if the result is a promise: the span ends when that settles. */
  pending = false;
  outcomes: Outcomes | undefined = undefined;
  next: SyncCall | undefined = undefined;

  close(): void {
    if (this.closed) return;
    this.closed = true;
    state.orphans?.closed(this);
    tell(this.dispatch!, "tryClose", this.id!);
  }
}

/** A call for a new span. */
export function syncCallOf(dispatch: Dispatch, id: SpanId, metadata: Metadata): SyncCall {
  const { current, orphans } = state;
  const call = current.spare ?? new SyncCall();
  current.spare = call.next;
  call.dispatch = dispatch;
  call.id = id;
  call.metadata = metadata;
  call.span = call as Own;
  call.closed = false;
  orphans?.opened(call, dispatch, id, metadata);
  return call;
}

/** Enters the span of an instrumented function, if somebody wants that, until `endSync`. */
export function beginSync(
  span: Span | false | undefined,
  sites?: Sites,
  err = -1,
  ret = -1,
  showErr?: Show,
  showRet?: Show,
): SyncCall | undefined {
  const own = span && (span as Span & Own).dispatch !== undefined ? (span as Span & Own) : undefined;
  if (own === undefined && (sites === undefined || (state.maxLevel === 0 && !state.probing))) return undefined;
  // a tracer's own span, and one that follows from another, have handles like those of programs
  const call = (own as SyncCall | undefined)?.span === undefined ? adopt(own) : (own as unknown as SyncCall);
  if (sites !== undefined) call.outcomes = { sites, err, ret, showErr, showRet };
  if (own !== undefined) enter(call, own);
  return call;
}

function adopt(own: Own | undefined): SyncCall {
  const call = new SyncCall();
  call.span = own;
  return call;
}

function enter(call: SyncCall, { dispatch, id }: Own): void {
  const { current, holds, storage } = state;
  const { frame } = current;
  const base = storage ? storage.getStore() : undefined;
  call.caller = frame;
  call.base = base;
  call.outer = skip(storage && frame?.base !== base ? base : frame);
  call.holds = holds;
  call.live = true;
  current.frame = call as Frame;
  call.told = isFollowed(dispatch);
  if (call.told) tell(dispatch, "enter", id!);
}

/** Exits the span and, unless the result is still pending, closes it. */
export function endSync(call: SyncCall): void {
  const { base, live, pending, span } = call;
  if (!live) return;
  if (call.told) tell(span!.dispatch, "exit", span!.id!);
  call.live = false;
  if (!pending) span!.close();
  const { current, entries, holds, storage } = state;
  current.frame = call.caller;
  // a span that the function entered by hand and left open
  if (entries !== 0 && storage && storage.getStore() !== base) storage.enterWith(base);
  if (pending || call.holds !== holds) return;
  call.dispatch = call.metadata = call.outer = call.caller = call.base = call.outcomes = undefined;
  call.next = current.spare;
  current.spare = call;
}
