/** The decision for a span, and what follows it: the new span, made by exactly the subscriber that was asked. */
import type { Callsite } from "./callsite.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Span } from "./span.ts";
import type { Decision, SpanId } from "./subscriber.ts";
import { failed } from "./call.ts";
import { rejuvenate } from "./context.ts";
import { decide, eventOf } from "./decide.ts";
import { getDefault } from "./dispatcher.ts";
import { none, spanOf } from "./handle.ts";
import { state } from "./state.ts";

/** Takes the values of a span and answers its handle. */
export type MakeSpan = (...values: unknown[]) => Span;

/** The function that makes the span, if somebody wants it now. */
export function spanAt(callsite: Callsite): MakeSpan | undefined {
  const made = bind(callsite);
  return callsite.probe ? callsite.probe.span(callsite, made) : made;
}

// as for events, in a function of its own: what is compiled together knows what it calls
function bind(callsite: Callsite): MakeSpan | undefined {
  const dispatch = getDefault();
  const decision = decide(callsite, dispatch);
  if (decision === false) return undefined;
  let { bound } = callsite;
  if (bound === undefined || bound.decision !== decision || bound.dispatch !== dispatch) {
    bound = { dispatch, decision, take: (...values: unknown[]) => makeSpan(callsite, dispatch, values, decision) };
    callsite.bound = bound;
  }
  return bound.take as MakeSpan;
}

function makeSpan(callsite: Callsite, dispatch: Dispatch, values: readonly unknown[], decision: Decision): Span {
  let id: SpanId | undefined;
  if (state.busy) return none;
  state.busy = true;
  try {
    id = dispatch.subscriber.newSpan(eventOf(callsite, values, decision));
  } catch (error) {
    failed("newSpan", error);
  }
  state.busy = false;
  if (id === undefined) return none;
  if ((id & 255) === 0) rejuvenate();
  return spanOf(dispatch, id, callsite.metadata);
}
