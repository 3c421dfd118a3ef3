/** The decision behind the guard, and what follows it: an emission to exactly the subscriber that was asked. */
import type { Callsite } from "./callsite.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Span } from "./span.ts";
import type { Decision } from "./subscriber.ts";
import { call, failed } from "./call.ts";
import { getDefault } from "./dispatcher.ts";
import { Interest } from "./interest.ts";
import { current, parentOf } from "./parent.ts";
import { none, spanOf } from "./span.ts";
import { state } from "./state.ts";

/** Takes the values of an event, in the order of the row's fields. */
export type Emit = (...values: unknown[]) => void;
/** Takes the values of a span and answers its handle. */
export type MakeSpan = (...values: unknown[]) => Span;

/** The function that emits the event, if somebody wants it now. */
export function eventAt(callsite: Callsite): Emit | undefined {
  const dispatch = getDefault();
  const decision = decide(callsite, dispatch);
  if (decision === false) return undefined;
  if (decision === true) return (callsite.emit ??= (...values) => emit(callsite, getDefault(), values, true));
  const { bound } = callsite;
  if (bound !== undefined && bound.decision === decision && bound.dispatch === dispatch) return bound.emit;
  const emitBound: Emit = (...values) => emit(callsite, dispatch, values, decision);
  callsite.bound = { dispatch, decision, emit: emitBound };
  return emitBound;
}

/** The function that makes the span, if somebody wants it now. */
export function spanAt(callsite: Callsite): MakeSpan | undefined {
  const dispatch = getDefault();
  const decision = decide(callsite, dispatch);
  if (decision === false) return undefined;
  if (decision === true) return (callsite.makeSpan ??= (...values) => makeSpan(callsite, getDefault(), values, true));
  return (...values) => makeSpan(callsite, dispatch, values, decision);
}

/** Whether somebody wants it now. */
export function enabledAt(callsite: Callsite): boolean {
  return decide(callsite, getDefault()) !== false;
}

function decide(callsite: Callsite, dispatch: Dispatch): Decision {
  const interest = callsite.halves[callsite.at];
  if (interest === Interest.NEVER || dispatch.isNone) return false;
  return interest === Interest.ALWAYS || (call(dispatch, "enabled", callsite.metadata) ?? false);
}

function emit(callsite: Callsite, dispatch: Dispatch, values: readonly unknown[], decision: Decision): void {
  if (state.busy) return;
  // not through call(): the one path on which its generality would be measured
  state.busy = true;
  try {
    const parent = callsite.parentAt < 0 ? current : parentOf(values[callsite.parentAt]);
    const event = { metadata: callsite.metadata, values, parent, decision };
    const { subscriber } = dispatch;
    if (subscriber.eventEnabled === undefined || subscriber.eventEnabled(event)) subscriber.event(event);
  } catch (error) {
    failed("event", error);
  } finally {
    state.busy = false;
  }
}

function makeSpan(callsite: Callsite, dispatch: Dispatch, values: readonly unknown[], decision: Decision): Span {
  const { metadata } = callsite;
  if (dispatch.isNone || state.busy) return none;
  const parent = callsite.parentAt < 0 ? current : parentOf(values[callsite.parentAt]);
  const id = call(dispatch, "newSpan", { metadata, values, parent, decision });
  return id === undefined ? none : spanOf(dispatch, id, metadata);
}
