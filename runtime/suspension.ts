/**
 * A function exits the spans it entered before every suspension, and enters them again when it goes on. In Rust a
 * future is entered per poll; this is the same, because the transformer sees every point where the body stops.
 */
import type { Activation } from "./activation.ts";
import type { Frame } from "./context.ts";
import { isFollowed, tell } from "./call.ts";
import { kept, move, skip } from "./context.ts";
import { state } from "./state.ts";

/** Before an `await`: exits every span of the function, innermost first, and gives the context back. Answers the value. */
export function suspend<T>(activation: Activation | undefined, value?: T): T {
  if (activation !== undefined && !activation.suspended) stop(activation, true);
  return value as T;
}

/** The same before a `yield`, after which the function goes on in the call of its consumer. */
export function yielding<T>(activation: Activation | undefined, value?: T): T {
  if (activation !== undefined && !activation.suspended) stop(activation, false);
  return value as T;
}

/** Enters them again, outermost first. Does nothing if the function was not suspended. Answers the value. */
export function resume<T>(activation: Activation | undefined, value?: T): T {
  if (activation !== undefined && activation.suspended) start(activation);
  return value as T;
}

/** After the `yield` of a generator that has no spans of its own: it goes on in the span of its consumer. */
export function follow<T>(activation: Activation | undefined, value?: T): T {
  if (activation !== undefined && activation.suspended) {
    activation.suspended = activation.own = false;
    activation.caller = kept();
    activation.outer = skip(activation.caller);
  }
  return value as T;
}

/** Exits the scopes that were entered again for the function. */
export function part(activation: Activation): void {
  const { outer, rejoined } = activation;
  for (let frame = outer; frame !== rejoined && frame !== undefined; frame = frame.outer) {
    frame.scope = "left";
    exit(frame);
  }
  activation.rejoined = outer;
}

function stop(activation: Activation, awaits: boolean): void {
  const { caller, outer, span } = activation;
  const own = activation.live ? (activation as Frame) : outer;
  // without entries by hand all frames are left in the order in which they are entered
  const top = state.entries === 0 ? own : exitDownTo(own, skip(outer));
  if (activation.told) tell(span!.dispatch, "exit", span!.id!);
  if (activation.rejoined !== outer) part(activation);
  activation.top = top;
  activation.suspended = true;
  activation.awaits = awaits;
  if (top !== caller && !(activation.own && state.storage)) move(caller);
}

function start(activation: Activation): void {
  const { awaits, top, outer, span, live } = activation;
  // what goes on after an `await` is a continuation of its own, where AsyncLocalStorage has put what `stop` left
  const isCarried = awaits && state.storage;
  if (!isCarried) activation.caller = kept();
  if (top !== activation.caller && !(isCarried && activation.own)) move(top);
  activation.suspended = false;
  activation.own = awaits;
  if (outer?.scope === "left") activation.rejoined = rejoin(outer);
  if (live && (activation.told = isFollowed(span!.dispatch))) tell(span!.dispatch, "enter", span!.id!);
  if (top !== activation) reenter(top, live ? (activation as Frame) : skip(outer));
}

/** Exits what was entered by hand above a frame, innermost first. Answers where that began. */
function exitDownTo(own: Frame | undefined, floor: Frame | undefined): Frame | undefined {
  const top = kept();
  for (let frame = top; frame !== own && frame !== floor && frame !== undefined; frame = frame.outer) exit(frame);
  return top;
}

function reenter(frame: Frame | undefined, floor: Frame | undefined): void {
  if (frame === floor || frame === undefined) return;
  reenter(frame.outer, floor);
  enter(frame);
}

/** Enters the scopes that were left with a promise, outermost first. Answers the frame below them. */
function rejoin(frame: Frame | undefined): Frame | undefined {
  if (frame?.scope !== "left") return frame;
  const below = rejoin(frame.outer);
  frame.scope = "entered";
  enter(frame);
  return below;
}

function enter({ live, span }: Frame): void {
  if (live && span.metadata !== undefined) tell(span.dispatch, "enter", span.id!);
}

function exit({ live, span }: Frame): void {
  if (live && span.metadata !== undefined) tell(span.dispatch, "exit", span.id!);
}
