/** What code prints with `console` becomes events. */
import type { Level } from "../level.ts";
import { builtin } from "../platform.ts";
import { state } from "../state.ts";
import { emitter } from "./emitter.ts";

const levels = { error: 1, warn: 2, info: 3, log: 3, debug: 4, trace: 5 } as const satisfies Record<string, Level>;
type Method = keyof typeof levels;
type Console = Record<Method, (...values: unknown[]) => void>;

/** Replaces the console's methods; the answer puts them back. An Error among the values is the field `error`. */
export function bridgeConsole({ target = "console" }: { readonly target?: string | undefined } = {}): () => void {
  const console = (globalThis as unknown as { readonly console: Console }).console;
  const emit = emitter(target);
  const originals: Partial<Console> = {};
  for (const method of Object.keys(levels) as Method[]) {
    const original = console[method];
    originals[method] = original;
    console[method] = (...values) => {
      // an output that itself prints to the console, and what we say of ourselves
      if (state.busy || (typeof values[0] === "string" && values[0].startsWith("dtracing: ")))
        return original.apply(console, values);
      const error = values.find((value) => value instanceof Error);
      emit(levels[method], formatted(values), error && { error });
    };
  }
  return () => void Object.assign(console, originals);
}

/** As the console would print it. */
export function formatted(values: readonly unknown[]): string {
  const util = builtin<{ format(...values: unknown[]): string }>("util");
  return util ? util.format(...values.map(brief)) : values.map((value) => String(brief(value))).join(" ");
}

/** The stack is in the field. */
function brief(value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
