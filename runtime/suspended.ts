/** Iterables and resources whose steps suspend the function that uses them, as generated code wraps them. */
import type { Activation } from "./activation.ts";
import { dispose } from "./dispose.ts";
import { resume, suspend, yielding } from "./suspension.ts";

/** Called with as many arguments as the language gives, which an iterator can count. */
type Step = (this: unknown, ...values: unknown[]) => unknown;
type Iterator_ = { readonly next: Step; readonly return?: Step | null; readonly throw?: Step | null };

/** What `for await` steps through: the function is suspended from each step until its body, or what follows, resumes. */
export function iterable<T extends object>(activation: Activation | undefined, source: T): T {
  if (activation === undefined) return source;
  return wrap(
    source,
    (method, inner) =>
      (...values) =>
        suspend(activation, method.apply(inner, values)),
  );
}

/**
 * The same where the loop takes each value apart, which may run code: the function resumes when the language asks
 * whether the step was the last, before it takes the value. Costs each step one turn of the microtask queue.
 */
export function destructured<T extends object>(activation: Activation | undefined, source: T): T {
  if (activation === undefined) return source;
  return wrap(source, (method, inner) => (...values) => {
    const step = method.apply(inner, values) as PromiseLike<IteratorResult<unknown>>;
    return suspend(
      activation,
      Promise.resolve(step).then((result) => resuming(activation, result)),
    );
  });
}

/** What `yield*` of an async generator delegates to: resumed by each step, suspended while it is pending. */
export function delegateAsync<T extends object>(activation: Activation | undefined, source: T): T {
  if (activation === undefined) return source;
  return wrap(source, (method, inner) => (...values) => {
    resume(activation);
    return yielding(activation, method.apply(inner, values));
  });
}

/** What `yield*` of a generator delegates to: resumed by each step, suspended with each value. */
export function delegate<T extends Iterable<unknown>>(activation: Activation | undefined, source: T): T {
  if (activation === undefined) return source;
  const step =
    (method: Step, inner: unknown): Step =>
    (...values) => {
      resume(activation);
      const result = method.apply(inner, values) as { readonly done?: boolean };
      if (!result.done) yielding(activation);
      return result;
    };
  return { [Symbol.iterator]: () => stepper(source[Symbol.iterator]() as unknown as Iterator_, step) } as unknown as T;
}

/** A resource declared after another one: it is disposed of first, and lets the other's disposal run inside the spans. */
export function reentry(activation: Activation | undefined): Disposable | undefined {
  return activation && { [dispose]: () => resume(activation) };
}

function resuming(activation: Activation, result: IteratorResult<unknown>): unknown {
  if (typeof result !== "object" || result === null) return result;
  return {
    get done() {
      resume(activation);
      return result.done;
    },
    get value() {
      return result.value as unknown;
    },
  };
}

function wrap<T extends object>(source: T, step: (method: Step, inner: unknown) => Step): T {
  const open = (): Iterator_ => {
    const own = (source as { readonly [Symbol.asyncIterator]?: (() => Iterator_) | null })[Symbol.asyncIterator];
    const inner =
      own !== null && own !== undefined
        ? own.call(source)
        : adapted((source as Iterable<unknown>)[Symbol.iterator]() as Iterator_);
    return stepper(inner, step);
  };
  return { [Symbol.asyncIterator]: open } as unknown as T;
}

/** The language's adapter of an iterator that is not async: values are awaited, and one that rejects closes it. */
function adapted(inner: Iterator_): Iterator_ {
  const { next } = inner;
  const close = (): void => void inner.return?.call(inner);
  return {
    next: (...values) => settled(() => next.apply(inner, values), close),
    return: (...values) =>
      settled(() => {
        const method = inner.return;
        return method ? method.apply(inner, values) : { value: values[0], done: true };
      }),
    throw: (...values) => settled(() => (inner.throw ?? refuse).apply(inner, values), close),
  };

  function refuse(): never {
    close();
    throw new TypeError("The iterator does not provide a 'throw' method");
  }
}

/** One async function, so that a step takes as many turns of the microtask queue as the language's own. */
async function settled(step: () => unknown, close?: () => void): Promise<unknown> {
  const result = step();
  if (typeof result !== "object" || result === null) {
    throw new TypeError(`Iterator result ${String(result)} is not an object`);
  }
  const { done, value } = result as IteratorResult<unknown>;
  try {
    return { value: await value, done: Boolean(done) };
  } catch (error) {
    try {
      if (!done) close?.();
    } catch {
      // the rejection is what counts
    }
    throw error;
  }
}

/** The iterator's methods, each looked up when the language looks it up. */
function stepper(inner: Iterator_, step: (method: Step, inner: unknown) => Step): Iterator_ {
  const next = step(inner.next, inner);
  const optional = (method: Step | null | undefined): Step | undefined => (method ? step(method, inner) : undefined);
  return {
    next,
    get return() {
      return optional(inner.return);
    },
    get throw() {
      return optional(inner.throw);
    },
  } as Iterator_;
}
