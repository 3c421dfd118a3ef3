/** The decision behind the guard, and what follows it: an emission to exactly the subscriber that was asked. */
import type { Callsite } from "./callsite.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Event } from "./event.ts";
import type { MakeSpan } from "./make-span.ts";
import type { Decision, Subscriber } from "./subscriber.ts";
import { call, failed } from "./call.ts";
import { getDefault } from "./dispatcher.ts";
import { ALWAYS, NEVER } from "./interest.ts";
import { current, parentOf } from "./parent.ts";
import { state } from "./state.ts";

/** Takes the values of an event, in the order of the row's fields. */
export type Emit = (...values: unknown[]) => void;

/** A function that takes the values for one decision of one subscriber. */
export interface Bound {
  readonly dispatch: Dispatch;
  readonly decision: Decision;
  readonly take: MakeSpan | Emit;
}

/** The function that emits the event, if somebody wants it now. */
export function eventAt(callsite: Callsite): Emit | undefined {
  const bound = bind(callsite);
  return callsite.probe ? callsite.probe.event(callsite, bound) : bound;
}

/** Whether somebody wants it now. */
export function enabledAt(callsite: Callsite): boolean {
  return decide(callsite, getDefault()) !== false;
}

/** What the subscriber says to it now, without being asked where its interest says enough. */
export function decide(callsite: Callsite, dispatch: Dispatch): Decision {
  const { interest } = callsite;
  if (interest === NEVER || dispatch.isNone) return false;
  return interest === ALWAYS || (call(dispatch, "enabled", callsite.metadata) ?? false);
}

function bind(callsite: Callsite): Emit | undefined {
  const dispatch = getDefault();
  const decision = decide(callsite, dispatch);
  if (decision === false) return undefined;
  let { bound } = callsite;
  if (bound === undefined || bound.decision !== decision || bound.dispatch !== dispatch) {
    bound = { dispatch, decision, take: emitter(callsite, dispatch, decision) };
    callsite.bound = bound;
  }
  return bound.take as Emit;
}

/** The values of one emission, with what is known of the callsite. */
export function eventOf(callsite: Callsite, values: readonly unknown[], decision: Decision): Event {
  const parent = callsite.parentAt < 0 ? current : parentOf(values[callsite.parentAt]);
  return { metadata: callsite.metadata, values, parent, decision };
}

type Take = ReturnType<NonNullable<Subscriber["eventsOf"]>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function emitter({ metadata, parentAt }: Callsite, dispatch: Dispatch, decision: Decision): Emit {
  const { subscriber } = dispatch;
  const take = decision === true ? call(dispatch, "eventsOf", metadata) : undefined;
  if (subscriber.keepsEvents !== false || metadata.layout.length > list.length) {
    return (...values) => emit(subscriber, take, parentAt, { metadata, values, parent: current, decision });
  }
  const event = { metadata, values: list, parent: current, decision };
  // no rest parameter, which would be a list of its own
  return (a, b, c, d, e, f) => {
    if (state.busy) return;
    keep(a, b, c, d, e, f);
    emit(subscriber, take, parentAt, event);
    // nothing of the program's is held on to
    keep();
  };
}

/** The values of all events for subscribers that keep none; what they emit while they have one goes nowhere. */
const list: unknown[] = [0, 0, 0, 0, 0, 0];

function keep(a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown, f?: unknown): void {
  list[0] = a;
  list[1] = b;
  list[2] = c;
  list[3] = d;
  list[4] = e;
  list[5] = f;
}

function emit(subscriber: Subscriber, take: Take | undefined, parentAt: number, event: Mutable<Event>): void {
  if (state.busy) return;
  // not through call(): the one path on which its generality would be measured
  state.busy = true;
  try {
    if (parentAt >= 0) event.parent = parentOf(event.values[parentAt]);
    if (take !== undefined) take(event);
    else if (subscriber.eventEnabled === undefined || subscriber.eventEnabled(event)) subscriber.event(event);
  } catch (error) {
    failed(take ? "onEvent" : "event", error);
  } finally {
    state.busy = false;
  }
}
