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
import { ALWAYS } from "./interest.ts";
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
  const { bound, interest } = callsite;
  if (interest === ALWAYS && bound !== undefined && bound.dispatch === dispatch) return bound.take as MakeSpan;
  return rebind(callsite, dispatch, handleOf);
}

function rebind(callsite: Callsite, dispatch: Dispatch, handleOf: HandleOf): MakeSpan | undefined {
  const decision = decide(callsite, dispatch);
  if (decision === false) return undefined;
  let { bound } = callsite;
  if (bound === undefined || bound.decision !== decision || bound.dispatch !== dispatch) {
    bound = { dispatch, decision, take: maker(callsite, dispatch, decision, handleOf) };
    callsite.bound = bound;
  }
  return bound.take as MakeSpan;
}

// all it needs is the closure's, and so known to V8 where it is compiled into the program's function
function maker(callsite: Callsite, dispatch: Dispatch, decision: Decision, handleOf: HandleOf): MakeSpan {
  const { metadata } = callsite;
  const { subscriber } = dispatch;
  return (...values) => {
    if (state.busy) return none;
    let id: SpanId | undefined;
    state.busy = true;
    try {
      id = subscriber.newSpan(eventOf(callsite, values, decision));
    } catch (error) {
      failed("newSpan", error);
    }
    state.busy = false;
    if (id === undefined) return none;
    if ((id & 255) === 0) rejuvenate();
    return handleOf(dispatch, id, metadata);
  };
}
