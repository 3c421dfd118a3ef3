/** `instrument`: a decorator where no build has compiled it away, and a function for values everywhere. */
import type { InstrumentOptions } from "./options.ts";
import type { Instrument } from "./types.ts";
import { callerOf } from "../caller.ts";
import { warnUntransformed } from "../untransformed.ts";
import { wrap } from "./wrap.ts";

// oxlint-disable-next-line typescript/no-explicit-any
type AnyFunction = (this: any, ...args: any[]) => any;
type Context = Pick<ClassMemberDecoratorContext | ClassDecoratorContext, "kind" | "name">;
type Pair = { get?: AnyFunction; set?: AnyFunction };

/**
 * Puts functions into spans: `@instrument`, `@instrument("name")` and `@instrument({ … })` on methods, accessors
 * and classes, `instrument(fn, { … })` for values. The build plugin rewrites the bodies instead, so that a span is
 * exited while its function waits; without it this decorator wraps them, with the same output.
 */
export const instrument: Instrument = ((...values: readonly unknown[]): unknown => {
  const [first, second, third] = values;
  const frame = callerOf(instrument);
  // a key alone is the name in `instrument(fn, "name")`; as a decorator of a member there are three
  if (isContext(second) || (isKey(second) && values.length > 2)) {
    warnUntransformed(frame);
    return decorate({}, frame, first, second, third);
  }
  if (typeof first === "function") {
    if (!isClass(first as AnyFunction)) return wrap(first as AnyFunction, optionsOf(second), frame);
    warnUntransformed(frame);
    return members(first as AnyFunction, optionsOf(second), frame);
  }
  return (value: unknown, context: unknown, descriptor: unknown) => {
    warnUntransformed(frame);
    return decorate(optionsOf(first), frame, value, context, descriptor);
  };
}) as Instrument;

function decorate(
  options: InstrumentOptions,
  frame: string,
  value: unknown,
  context: unknown,
  descriptor: unknown,
): unknown {
  const inSpan = (fn: AnyFunction, name: string): AnyFunction => wrap(fn, options, frame, name);
  if (!isContext(context)) {
    if (!isKey(context)) return members(value as AnyFunction, options, frame);
    if (typeof descriptor !== "object" || descriptor === null) return undefined;
    return property(descriptor, (fn) => inSpan(fn, nameOf(context)));
  }
  const name = nameOf(context.name ?? "");
  switch (context.kind) {
    case "method":
    case "getter":
    case "setter":
      return inSpan(value as AnyFunction, name);
    case "accessor": {
      const { get, set } = value as Required<Pair>;
      return { get: inSpan(get, name), set: inSpan(set, name) };
    }
    case "field":
      return (initial: unknown) => (typeof initial === "function" ? inSpan(initial as AnyFunction, name) : initial);
    case "class":
      return members(value as AnyFunction, options, frame);
  }
}

/** Every method and accessor of a class but its constructor; what is `#private` cannot be reached from outside. */
function members(target: AnyFunction, options: InstrumentOptions, frame: string): void {
  const { name: _, ...rest } = options;
  for (const holder of [target, target.prototype as object]) {
    for (const key of Reflect.ownKeys(holder)) {
      if (key === "constructor" || key === "prototype") continue;
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      if (!descriptor?.configurable) continue;
      Object.defineProperty(
        holder,
        key,
        property(descriptor, (fn) => wrap(fn, rest, frame, nameOf(key))),
      );
    }
  }
}

/** A descriptor with its functions replaced; classes that are values stay what they are. */
function property(descriptor: PropertyDescriptor, to: (fn: AnyFunction) => AnyFunction): PropertyDescriptor {
  const changed = { ...descriptor };
  if (typeof changed.value === "function" && !isClass(changed.value as AnyFunction))
    changed.value = to(changed.value as AnyFunction);
  if (changed.get) changed.get = to(changed.get);
  if (changed.set) changed.set = to(changed.set);
  return changed;
}

function optionsOf(given: unknown): InstrumentOptions {
  return typeof given === "string" ? { name: given } : ((given ?? {}) as InstrumentOptions);
}

function isContext(value: unknown): value is Context {
  return typeof value === "object" && value !== null && typeof (value as Partial<Context>).kind === "string";
}

function isKey(value: unknown): value is string | symbol {
  return typeof value === "string" || typeof value === "symbol";
}

function nameOf(key: string | symbol): string {
  return typeof key === "symbol" ? (key.description ?? "") : key;
}

function isClass(fn: AnyFunction): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}
