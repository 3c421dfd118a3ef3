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

/** A layer, or the filter of its own, that has a certain method. */
export interface Listener {
  readonly target: object;
  readonly context: Context;
  readonly index: number;
  readonly name: string;
  readonly method: (this: unknown, ...values: unknown[]) => void;
}

/** First added to last. */
export type Listeners = Record<Method, readonly Listener[]>;

/** Those of a registry's layers. */
export function listenersOf(entries: readonly Entry[]): Listeners {
  const having = (name: Method): readonly Listener[] =>
    entries.flatMap(({ layer, judge, alone, context }, index) =>
      // a filter of one layer's own may follow the spans it let through
      (alone && name !== "onEvent" ? [judge as Layer, layer] : [layer]).flatMap((target) => {
        const method = target[name] as Listener["method"] | undefined;
        return method ? { target, context, index, name, method } : [];
      }),
    );
  return Object.fromEntries(
    ["onRegisterDispatch" as const, ...consuming].map((name) => [name, having(name)]),
  ) as Listeners;
}

/** Whether the layer at an index is among those that a decision is for. */
export function wantedBy(decision: Decision, index: number): boolean {
  return decision === true || (decision as Readonly<Record<number, boolean>>)[index] === true;
}

/** Tells the layers that want it; one that throws does not keep the others from it. */
export function tell(listeners: readonly Listener[], decision: Decision, value: unknown): void {
  for (let i = 0; i < listeners.length; i++) {
    const { target, context, index, name, method } = listeners[i]!;
    try {
      if (wantedBy(decision, index)) method.call(target, value, context);
    } catch (error) {
      failed(name, error);
    }
  }
}

/** The same for methods that take two values. */
export function tellBoth(listeners: readonly Listener[], decision: Decision, first: unknown, second: unknown): void {
  for (let i = 0; i < listeners.length; i++) {
    const { target, context, index, name, method } = listeners[i]!;
    try {
      if (wantedBy(decision, index)) method.call(target, first, second, context);
    } catch (error) {
      failed(name, error);
    }
  }
}
