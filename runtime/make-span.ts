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

/** What stands for a new span. */
export type HandleOf = (...made: Parameters<typeof spanOf>) => Span;

/** The function that makes the span, if somebody wants it now; `handleOf` makes what stands for it. */
export function spanAt(callsite: Callsite, handleOf: HandleOf = spanOf): MakeSpan | undefined {
  const made = bind(callsite, handleOf);
  return callsite.probe ? callsite.probe.span(callsite, made) : made;
}

// as for events, in a function of its own: what is compiled together knows what it calls
function bind(callsite: Callsite, handleOf: HandleOf): MakeSpan | undefined {
  const dispatch = getDefault();
  const decision = decide(callsite, dispatch);
  if (decision === false) return undefined;
  let { bound } = callsite;
  if (bound === undefined || bound.decision !== decision || bound.dispatch !== dispatch) {
    const take: MakeSpan = (...values) => makeSpan(callsite, dispatch, values, decision, handleOf);
    bound = { dispatch, decision, take };
    callsite.bound = bound;
  }
  return bound.take as MakeSpan;
}

function makeSpan(
  callsite: Callsite,
  dispatch: Dispatch,
  values: readonly unknown[],
  decision: Decision,
  handleOf: HandleOf,
): Span {
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
  return handleOf(dispatch, id, callsite.metadata);
}
