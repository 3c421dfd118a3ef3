/** Which layers are told of what: a method that nobody has costs nothing. */
import type { Decision } from "../subscriber.ts";
import type { Context, Layer } from "./layer.ts";
import type { Entry } from "./stack.ts";
import { failed } from "../call.ts";

export type Method =
  | "onRegisterDispatch"
  | "onEvent"
  | "onNewSpan"
  | "onRecord"
  | "onFollowsFrom"
  | "onEnter"
  | "onExit"
  | "onClose";

/** What makes a layer more than a filter. */
export const consuming: readonly Method[] = [
  "onEvent",
  "onNewSpan",
  "onRecord",
  "onFollowsFrom",
  "onEnter",
  "onExit",
  "onClose",
];

/**
 * Tells the layers that want it. A function and no list of what to call: so V8 knows the layers' methods, and compiles
 * them into the registry's.
 */
export type Tell = (decision: Decision, first: unknown, second?: unknown) => void;

export type Listeners = Readonly<Record<Method, Tell>>;

/** Those of a registry's layers, first added to last. */
export function listenersOf(entries: readonly Entry[]): Listeners {
  const having = (name: Method): readonly Tell[] =>
    entries.flatMap(({ layer, judge, alone, context }, index) =>
      // a filter of one layer's own may follow the spans it let through
      (alone && name !== "onEvent" ? [judge as Layer, layer] : [layer]).flatMap((target) => {
        const method = target[name] as Told | undefined;
        return method ? one(target, name, method, index, context) : [];
      }),
    );
  return Object.fromEntries(
    ["onRegisterDispatch" as const, ...consuming].map((name) => {
      const [first = nobody, ...others] = having(name);
      return [name, others.reduce(inTurn, first)];
    }),
  ) as Listeners;
}

/** Whether the layer at an index is among those that a decision is for. */
export function wantedBy(decision: Decision, index: number): boolean {
  return decision === true || (decision as Readonly<Record<number, boolean>>)[index] === true;
}

type Told = (this: unknown, ...values: unknown[]) => void;

/** Methods that take two values before the context. */
const both: readonly Method[] = ["onNewSpan", "onRecord", "onFollowsFrom"];

export const nobody: Tell = () => {};

function inTurn(first: Tell, next: Tell): Tell {
  return (decision, value, second) => {
    first(decision, value, second);
    next(decision, value, second);
  };
}

function one(target: object, name: Method, method: Told, index: number, context: Context): Tell {
  const takesBoth = both.includes(name);
  return (decision, first, second) => {
    try {
      if (!wantedBy(decision, index)) return;
      if (takesBoth) method.call(target, first, second, context);
      else method.call(target, first, context);
    } catch (error) {
      // one that throws does not keep the others from it
      failed(name, error);
    }
  };
}
