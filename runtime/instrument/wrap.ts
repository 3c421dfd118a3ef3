/** A function in a span of its own, made at run time: what the transformer writes into the body where it is used. */
import type { Callsite } from "../callsite.ts";
import type { Level } from "../level.ts";
import type { Span } from "../span.ts";
import type { InstrumentOptions, OutcomeOption } from "./options.ts";
import { placeOfFrame, targetOfFrame } from "../caller.ts";
import { callsiteAt } from "../callsite.ts";
import { register } from "../module.ts";
import { eventAt } from "../decide.ts";
import { debug, display } from "../field.ts";
import { none } from "../handle.ts";
import { parseLevel } from "../level.ts";
import { spanAt } from "../make-span.ts";
import { isPlainPromise } from "../plain-promise.ts";
import { textOfRows } from "../table.ts";
import { parametersOf } from "./parameter-values.ts";

// oxlint-disable-next-line typescript/no-explicit-any
type AnyFunction = (this: any, ...args: any[]) => any;

interface Outcome {
  readonly callsite: Callsite;
  readonly show: (value: unknown) => unknown;
}

/** A function with the name, the length and the results of `fn`. `frame` is the place that asked for it. */
export function wrap(fn: AnyFunction, options: InstrumentOptions, frame: string, named: string = fn.name): AnyFunction {
  const { skip = [], skipAll = false, fields, target = targetOfFrame(frame) } = options;
  const level = levelOf(options.level) ?? 3;
  const name = options.name ?? (named || "anonymous");
  const extra = typeof fields === "object" ? Object.keys(fields) : [];
  const parameters = skipAll
    ? []
    : parametersOf(fn).filter((one) => !skip.includes(one.name) && !extra.includes(one.name));
  const entries = [...parameters.map((one) => one.name), ...extra, ...(typeof fields === "function" ? ["..."] : [])];
  const file = placeOfFrame(frame).replace(/(:\d+){1,2}$/, "");
  const text = textOfRows([
    ["span", level, null, null, ["^", ...entries], name],
    ["event", outcomeLevel(options.err) ?? 1, null, null, ["error"]],
    ["event", outcomeLevel(options.ret) ?? level, null, null, ["return"]],
  ]);
  const module = register([file, `instrument ${frame} ${name} ${text}`, target, ...text, 0]);
  const spanSite = callsiteAt(module, 0);
  // what a function hands out as a value is not a part of it
  const isGenerator = /Generator/.test(Object.prototype.toString.call(fn));
  const [err, ret] = [outcome(options.err, callsiteAt(module, 1)), outcome(options.ret, callsiteAt(module, 2))];

  // a method: as little a constructor as most of what it stands for
  const { wrapped } = {
    wrapped(this: unknown, ...args: unknown[]): unknown {
      const make = spanAt(spanSite);
      if (make === undefined && err === undefined && ret === undefined) return fn.apply(this, args);
      const values = make && [
        ...parameters.map(({ valueIn }) => valueIn(args)),
        ...extra.map((key) => (fields as Readonly<Record<string, unknown>>)[key]),
        ...(typeof fields === "function" ? [(fields as AnyFunction).apply(this, args)] : []),
      ];
      const span = values ? make(options.parent, ...values) : (none as Span);
      const cause = options.followsFrom;
      if (cause !== undefined && cause !== null) span.followsFrom(cause);
      const ended = ending(span, err, ret);
      let result: unknown;
      try {
        result = span.inScope(() => {
          try {
            const returned: unknown = fn.apply(this, args);
            if (isGenerator) return returned;
            return isPlainPromise(returned) ? ended.when(returned) : ended.results(returned);
          } catch (error) {
            throw ended.throws(error);
          }
        });
      } catch (error) {
        span.close();
        throw error;
      }
      if (isGenerator) return stepped(result as Generator, span);
      if (isPlainPromise(result)) return result.finally(() => span.close());
      span.close();
      return result;
    },
  };
  return likeness(fn, wrapped);
}

/** Gives a function the name, length, prototype and metadata of the one it stands for. */
function likeness(fn: AnyFunction, wrapped: AnyFunction): AnyFunction {
  for (const key of ["name", "length", "prototype"] as const) {
    const descriptor = Object.getOwnPropertyDescriptor(fn, key);
    if (descriptor) Object.defineProperty(wrapped, key, descriptor);
  }
  // what decorators that ran before us said about the function (reflect-metadata)
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Partial<
    Record<string, (...values: unknown[]) => unknown>
  >;
  for (const key of (getOwnMetadataKeys?.(fn) ?? []) as readonly unknown[]) {
    defineMetadata?.(key, getOwnMetadata?.(key, fn), wrapped);
  }
  return wrapped;
}

function ending(
  span: Span,
  err: Outcome | undefined,
  ret: Outcome | undefined,
): {
  results<T>(value: T): T;
  throws(error: unknown): unknown;
  when<T>(promise: Promise<T>): Promise<T>;
} {
  const tell = (outcome: Outcome | undefined, value: unknown): void => {
    const emit = outcome && eventAt(outcome.callsite);
    if (emit) emit(outcome.show(value));
  };
  const results = <T>(value: T): T => {
    tell(ret, value);
    return value;
  };
  const throws = (error: unknown): unknown => {
    tell(err, error);
    return error;
  };
  const inside = <T>(f: () => T): T => span.inScope(f);
  return {
    results,
    throws,
    when: (promise) =>
      err === undefined && ret === undefined
        ? promise
        : promise.then(
            (value) => inside(() => results(value)),
            (error: unknown) => {
              throw inside(() => throws(error));
            },
          ),
  };
}

/** The iterator itself, each step of which runs inside the span; the last one closes it. */
function stepped(iterator: Generator | AsyncGenerator, span: Span): unknown {
  for (const method of ["next", "return", "throw"] as const) {
    const original = iterator[method] as AnyFunction;
    const settle = (result: IteratorResult<unknown>): IteratorResult<unknown> => {
      if (result.done) span.close();
      return result;
    };
    const step = function (this: unknown, ...args: unknown[]): unknown {
      try {
        const result: unknown = span.inScope(() => original.apply(iterator, args));
        return isPlainPromise(result)
          ? result.then(
              (value) => settle(value as IteratorResult<unknown>),
              (error: unknown) => {
                span.close();
                throw error;
              },
            )
          : settle(result as IteratorResult<unknown>);
      } catch (error) {
        span.close();
        throw error;
      }
    };
    Object.defineProperty(iterator, method, { value: step, configurable: true, writable: true });
  }
  return iterator;
}

function levelOf(level: unknown): Level | undefined {
  return typeof level === "string" ? parseLevel(level) : (level as Level | undefined);
}

function outcomeLevel(option: OutcomeOption | undefined): Level | undefined {
  if (typeof option === "object") return levelOf(option.level);
  return typeof option === "boolean" || option === "debug" || option === "display" ? undefined : levelOf(option);
}

function outcome(option: OutcomeOption | undefined, callsite: Callsite): Outcome | undefined {
  if (option === undefined || option === false) return undefined;
  const format = typeof option === "object" ? option.format : option;
  const show = format === "debug" ? debug : format === "display" ? display : (value: unknown): unknown => value;
  return { callsite, show };
}
