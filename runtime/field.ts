/** Field values that say how they want to be recorded, as Rust's `?x`, `%x` and `field::Empty`. */

const kind: unique symbol = /*#__PURE__*/ Symbol.for("dtracing.field");

/** A value with its own way to be printed. */
export interface Wrapped {
  readonly [kind]: "debug" | "display";
  readonly value: unknown;
}

/** A declared field without a value yet: nothing is recorded until `span.record`. */
export const Empty: unique symbol = /*#__PURE__*/ Symbol.for("dtracing.empty");

/** Records the structure of a value as text, also in JSON (Rust's `?value`). */
export function debug(value: unknown): Wrapped {
  return wrapped("debug", value);
}

/** Records `String(value)`, not quoted in text (Rust's `%value`). */
export function display(value: unknown): Wrapped {
  return wrapped("display", value);
}

/** Not the prototype of plain objects, so that those need not be asked whether they are one of these. */
const prototype: object = {};

function wrapped(how: Wrapped[typeof kind], value: unknown): Wrapped {
  return { __proto__: prototype, [kind]: how, value } as unknown as Wrapped;
}

/** The kind of a wrapped value, `undefined` for any other object. May throw what the object throws. */
export function wrapping(value: object): Wrapped[typeof kind] | undefined {
  return (value as Partial<Wrapped>)[kind];
}

/** Whether a value is recorded at all. `null` is: in JavaScript it is a value, unlike Rust's `None`. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== Empty;
}

/** Whether something is an Error, also one of another realm. May throw what a proxy throws. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
