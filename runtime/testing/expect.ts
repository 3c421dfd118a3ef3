/** Expectations on what happens, in order; what does not fit is printed beside what came. */
import type { CapturedRecord } from "./capture.ts";
import { dispose } from "../dispose.ts";
import { capture } from "./capture.ts";

/** What is expected of one record; what is left out may be anything. */
export interface Expectation {
  readonly kind?: CapturedRecord["kind"];
  readonly name?: string | RegExp;
  readonly level?: string;
  readonly target?: string | RegExp;
  readonly message?: string | RegExp;
  /** These fields, and perhaps others. A value can be a RegExp for its text, or a function that answers yes. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** No other fields than these. */
  readonly onlyFields?: boolean;
  /** The names of the spans around it, root to leaf. */
  readonly spans?: readonly string[];
}

/** A list of expectations that grows by each call. */
export interface Expecting {
  event(expected?: Omit<Expectation, "kind">): this;
  newSpan(name: string | RegExp, expected?: Omit<Expectation, "kind" | "name">): this;
  enter(name: string | RegExp): this;
  exit(name: string | RegExp): this;
  record(name: string | RegExp, fields?: Readonly<Record<string, unknown>>): this;
  followsFrom(name: string | RegExp): this;
  close(name: string | RegExp): this;
  /** Nothing else may happen; without it, other things may happen in between. */
  only(): this;
  /** Runs the code (which may be async) and throws an Error that shows what was expected and what came. */
  run<R>(f: () => R): R;
}

/** Expectations on what code records: `expectTrace().newSpan("request").event({ message: "done" }).run(() => …)`. */
export function expectTrace(): Expecting {
  const expected: Expectation[] = [];
  let strict = false;
  const add = (one: Expectation): Expecting => {
    expected.push(one);
    return self;
  };
  const self: Expecting = {
    event: (one) => add({ ...one, kind: "event" }),
    newSpan: (name, one) => add({ ...one, kind: "new", name }),
    enter: (name) => add({ kind: "enter", name }),
    exit: (name) => add({ kind: "exit", name }),
    record: (name, fields) => add({ kind: "record", name, ...(fields && { fields }) }),
    followsFrom: (name) => add({ kind: "follows", name }),
    close: (name) => add({ kind: "close", name }),
    only() {
      strict = true;
      return self;
    },
    run(f) {
      const captured = capture();
      const end = (): void => {
        captured[dispose]();
        check(expected, captured.records, strict);
      };
      const result = (() => {
        try {
          return f();
        } catch (error) {
          captured[dispose]();
          throw error;
        }
      })();
      if (result instanceof Promise) {
        return result.then(
          (value: unknown) => {
            end();
            return value;
          },
          (error: unknown) => {
            captured[dispose]();
            throw error;
          },
        ) as typeof result;
      }
      end();
      return result;
    },
  };
  return self;
}

/** Throws an Error unless the records fit. */
export function check(expected: readonly Expectation[], came: readonly CapturedRecord[], strict: boolean): void {
  const used = new Map<number, number>();
  let at = 0;
  let problem: string | undefined;
  for (const [i, one] of expected.entries()) {
    const found = strict ? (at < came.length && fits(one, came[at]!) ? at : -1) : came.findIndex((record, j) => j >= at && fits(one, record)); // prettier-ignore
    if (found < 0) {
      problem = `expectation ${i + 1} was not met`;
      break;
    }
    used.set(found, i);
    at = found + 1;
  }
  if (problem === undefined && strict && at < came.length) problem = `${came.length - at} more than expected`;
  if (problem === undefined) return;
  const met = (i: number): string => (i < used.size ? "  ok " : i === used.size ? "  -> " : "     ");
  const lines = [
    `dtracing: ${problem}`,
    "expected:",
    ...expected.map((one, i) => met(i) + showExpected(one)),
    ...(came.length === 0 ? ["came: nothing"] : ["came:"]),
    ...came.map((record, i) => `  ${used.has(i) ? "ok" : strict && i === at ? "->" : "  "} ${show(record)}`),
  ];
  throw new Error(lines.join("\n"));
}

function fits(
  { kind, name, level, target, message, fields, onlyFields, spans }: Expectation,
  record: CapturedRecord,
): boolean {
  return (
    (kind === undefined || kind === record.kind) &&
    text(name, record.name) &&
    (level === undefined || level.toLowerCase() === record.level) &&
    text(target, record.target) &&
    text(message, record.message) &&
    Object.entries(fields ?? {}).every(([key, value]) => key in record.fields && same(value, record.fields[key])) &&
    (!onlyFields || Object.keys(record.fields).every((key) => key in (fields ?? {}))) &&
    (spans === undefined || spans.join("\n") === record.spans.map(({ name }) => name).join("\n"))
  );
}

function text(expected: string | RegExp | undefined, came: string | undefined): boolean {
  if (expected === undefined) return true;
  return typeof expected === "string" ? expected === came : came !== undefined && came.search(expected) >= 0;
}

function same(expected: unknown, came: unknown): boolean {
  if (typeof expected === "function") return !!(expected as (value: unknown) => unknown)(came);
  if (expected instanceof RegExp) return String(came).search(expected) >= 0;
  return Object.is(expected, came) || (typeof expected === "object" && json(expected) === json(came));
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? `${one}n` : one)) ?? String(value);
  } catch {
    return String(value);
  }
}

function show({ kind, name, level, target, message, fields, spans }: CapturedRecord): string {
  const what =
    kind === "event" ? `event ${level}${message === undefined ? "" : ` ${json(message)}`}` : `${kind} ${name}`;
  const inside = spans.length > 0 ? ` in ${spans.map(({ name }) => name).join(":")}` : "";
  return `${what}${Object.keys(fields).length > 0 ? ` ${json(fields)}` : ""}${inside} (${target})`;
}

function showExpected({ kind, name, level, target, message, fields, onlyFields, spans }: Expectation): string {
  const parts = [kind === undefined ? "anything" : kind];
  if (level !== undefined) parts.push(level.toLowerCase());
  if (name !== undefined) parts.push(String(name));
  if (message !== undefined) parts.push(message instanceof RegExp ? String(message) : json(message));
  if (fields !== undefined) parts.push(`${onlyFields ? "only " : ""}{${Object.entries(fields).map(([key, value]) => `${key}: ${value instanceof RegExp ? String(value) : typeof value === "function" ? "(a function)" : json(value)}`).join(", ")}}`); // prettier-ignore
  if (spans !== undefined) parts.push(spans.length > 0 ? `in ${spans.join(":")}` : "outside of spans");
  if (target !== undefined) parts.push(`(${String(target)})`);
  return parts.join(" ");
}
