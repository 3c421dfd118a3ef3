/** A subscriber that writes down what it is asked and told, and hand-written `$sites` functions. */
import type { Context, Event, Layer, Metadata, Subscriber } from "dtracing";
import type { Row, Sites } from "dtracing/internal";
import { dispatch, messageOf, rebuildInterest, visitFields, withDefault } from "dtracing";
import { textOfRows } from "../../runtime/table.ts";

let count = 0;

/** A row with the names of its fields in one string, or in a list, and with a target of its own behind it. */
export type SiteRow = readonly [
  kind: Row[0],
  level: Row[1],
  line?: number,
  column?: number,
  fields?: string | readonly string[],
  text?: string | undefined,
  name?: string | undefined,
  target?: string | undefined,
];

/** A `$sites` function as the transformer writes it, for a module of its own. */
export function sites(rows: readonly SiteRow[], target = "app", file = `src/m${++count}.ts`, hash = "h"): Sites {
  const others = rows.flatMap((row, i) => (row[7] === undefined ? [] : [[i, row[7]]]));
  const targets = others.length > 0 ? Object.fromEntries(others) : undefined;
  const text = textOfRows(
    rows.map(([kind, level, line, column, fields = "", message, name]) => {
      const entries = typeof fields === "string" ? fields.match(/[^,]+/g) : fields;
      return [kind, level, line, column, entries, message, name];
    }),
  );
  return () => [file, hash, target, ...text, undefined, targets];
}

/** `message k=v` of an event. */
export function lineOf(event: Event): string {
  const parts: string[] = [];
  const message = messageOf(event);
  if (message !== undefined) parts.push(message);
  visitFields(event, (name, value) => parts.push(`${name}=${String(value)}`));
  return parts.join(" ");
}

/** A subscriber without layers; `log` grows by one word per call. */
export function recorder(overrides: Partial<Subscriber> = {}): Subscriber & { readonly log: string[] } {
  const log: string[] = [];
  let ids = 0;
  return {
    log,
    enabled: (metadata: Metadata) => (log.push(`enabled ${metadata.name}`), true),
    newSpan: (attributes) => (log.push(`new ${attributes.metadata.name}`), ++ids),
    record: (id, values) => void log.push(`record ${id} ${[...values].join(" ")}`),
    recordFollowsFrom: (id, follows) => void log.push(`follows ${id} ${follows}`),
    event: (event) => void log.push(`event ${lineOf(event)}`),
    enter: (id) => void log.push(`enter ${id}`),
    exit: (id) => void log.push(`exit ${id}`),
    cloneSpan: (id) => (log.push(`clone ${id}`), id),
    tryClose: (id) => (log.push(`close ${id}`), true),
    ...overrides,
  };
}

/** A layer that writes down events with their scope (root first) and the life of spans. */
export function layer(log: string[], name = "", overrides: Layer = {}): Layer {
  const say = (text: string): void => void log.push(name === "" ? text : `${name}: ${text}`);
  const of = (id: number, context: Context): string => context.span(id)?.metadata.name ?? "?";
  return {
    onEvent: (event, context) =>
      say(
        context
          .eventScope(event)
          .toReversed()
          .map((span) => `${span.metadata.name}:`)
          .join("") + lineOf(event),
      ),
    onNewSpan: (_, id, context) => say(`new ${of(id, context)}`),
    onEnter: (id, context) => say(`enter ${of(id, context)}`),
    onExit: (id, context) => say(`exit ${of(id, context)}`),
    onClose: (id, context) => say(`close ${of(id, context)}`),
    ...overrides,
  };
}

/** Runs with a default subscriber that is gone for the callsites as soon as `f` is through. */
export function alone<R>(subscriber: Subscriber, f: () => R): R {
  const made = dispatch(subscriber);
  const forget = (): void => {
    // what the garbage collector would do some time later
    const state = (globalThis as never)[Symbol.for("dtracing.v1")] as { dispatchers: WeakRef<object>[] };
    state.dispatchers = state.dispatchers.filter((weak) => weak.deref() !== made);
    rebuildInterest();
  };
  let result: R | undefined;
  try {
    result = withDefault(made, f);
    return result instanceof Promise ? (result.finally(forget) as R) : result;
  } finally {
    if (!(result instanceof Promise)) forget();
  }
}

/** Runs with the console's error and warn collected instead of printed. */
export function said(f: () => void): string[] {
  const lines: string[] = [];
  const { error, warn } = console;
  console.error = console.warn = (...values: unknown[]) => void lines.push(values.join(" "));
  try {
    f();
  } finally {
    Object.assign(console, { error, warn });
  }
  return lines;
}
