/**
 * A native promise that nobody has changed: a handler of ours is not seen by anybody, and starts nothing. `then`
 * looks `constructor` up, so a getter there would see it.
 */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    Object.getOwnPropertyDescriptor(Promise.prototype, "constructor")?.value === Promise &&
    // Symbols do not count: on Node 20 and 22 AsyncLocalStorage keeps its stores under some.
    Object.getOwnPropertyNames(value).length === 0
  );
}
