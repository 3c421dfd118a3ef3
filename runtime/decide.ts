/** The decision behind the guard, and what follows it: an emission to exactly the subscriber that was asked. */
import type { Callsite } from "./callsite.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Event } from "./event.ts";
import type { Span } from "./span.ts";
import type { Decision } from "./subscriber.ts";
import { call, failed } from "./call.ts";
import { getDefault } from "./dispatcher.ts";
import { ALWAYS, NEVER } from "./interest.ts";
import { current, parentOf } from "./parent.ts";
import { none, spanOf } from "./handle.ts";
import { state } from "./state.ts";

/** Takes the values of an event, in the order of the row's fields. */
export type Emit = (...values: unknown[]) => void;
/** Takes the values of a span and answers its handle. */
export type MakeSpan = (...values: unknown[]) => Span;

/** A function that takes the values for one decision of one subscriber. */
export interface Bound {
  readonly dispatch: Dispatch;
  readonly decision: Decision;
  readonly take: MakeSpan | Emit;
}

/** The function that emits the event, if somebody wants it now. */
export function eventAt(callsite: Callsite): Emit | undefined {
  const bound = bind(callsite, emit);
  return callsite.probe ? callsite.probe.event(callsite, bound) : bound;
}

/** The function that makes the span, if somebody wants it now. */
export function spanAt(callsite: Callsite): MakeSpan | undefined {
  const bound = bind(callsite, makeSpan) as MakeSpan | undefined;
  return callsite.probe ? callsite.probe.span(callsite, bound) : bound;
}

/** Whether somebody wants it now. */
export function enabledAt(callsite: Callsite): boolean {
  return decide(callsite, getDefault()) !== false;
}

function decide(callsite: Callsite, dispatch: Dispatch): Decision {
  const { interest } = callsite;
  if (interest === NEVER || dispatch.isNone) return false;
  return interest === ALWAYS || (call(dispatch, "enabled", callsite.metadata) ?? false);
}

function bind(
  callsite: Callsite,
  to: (callsite: Callsite, dispatch: Dispatch, values: readonly unknown[], decision: Decision) => Span | void,
): Bound["take"] | undefined {
  const dispatch = getDefault();
  const decision = decide(callsite, dispatch);
  if (decision === false) return undefined;
  let { bound } = callsite;
  if (bound === undefined || bound.decision !== decision || bound.dispatch !== dispatch) {
    bound = { dispatch, decision, take: (...values: unknown[]) => to(callsite, dispatch, values, decision) };
    callsite.bound = bound;
  }
  return bound.take;
}

/** The values of one emission, with what is known of the callsite. */
export function eventOf(callsite: Callsite, values: readonly unknown[], decision: Decision): Event {
  const parent = callsite.parentAt < 0 ? current : parentOf(values[callsite.parentAt]);
  return { metadata: callsite.metadata, values, parent, decision };
}

function emit(callsite: Callsite, dispatch: Dispatch, values: readonly unknown[], decision: Decision): void {
  if (state.busy) return;
  // not through call(): the one path on which its generality would be measured
  state.busy = true;
  try {
    const event = eventOf(callsite, values, decision);
    const { subscriber } = dispatch;
    if (subscriber.eventEnabled === undefined || subscriber.eventEnabled(event)) subscriber.event(event);
  } catch (error) {
    failed("event", error);
  } finally {
    state.busy = false;
  }
}

function makeSpan(callsite: Callsite, dispatch: Dispatch, values: readonly unknown[], decision: Decision): Span {
  const id = state.busy ? undefined : call(dispatch, "newSpan", eventOf(callsite, values, decision));
  return id === undefined ? (none as Span) : spanOf(dispatch, id, callsite.metadata);
}
