/** Collects what the code under test records. */
import type { LevelName } from "../level.ts";
import type { Event } from "../event.ts";
import type { Filter } from "../subscriber/filter.ts";
import type { Context, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import { setDefault } from "../dispatcher.ts";
import { dispose } from "../dispose.ts";
import { messageOf, visitFields } from "../event.ts";
import { rebuildInterest } from "../interest.ts";
import { levelName } from "../level.ts";
import { state } from "../state.ts";
import { registry } from "../subscriber/registry.ts";
import { withFilter } from "../subscriber/with-filter.ts";

/** A span, as far as tests ask. */
export interface CapturedSpan {
  readonly name: string;
  readonly level: LevelName;
  readonly target: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Something that happened. */
export interface CapturedRecord extends CapturedSpan {
  readonly kind: "event" | "new" | "record" | "follows" | "enter" | "exit" | "close";
  /** Of an event only. */
  readonly message: string | undefined;
  /** The spans around it, root to leaf; of a span's own records without itself. */
  readonly spans: readonly CapturedSpan[];
}

/** What was collected so far. */
export interface Captured extends Disposable {
  /** Everything, in order. */
  readonly records: readonly CapturedRecord[];
  readonly events: readonly CapturedRecord[];
  /** The events as lines, without time: `INFO outer{id=7}: message`, fields left out. */
  readonly lines: readonly string[];
  /** Runs `f` (which may be async) with this as its subscriber, and the events of it alone. */
  run<R>(f: () => R): R;
  clear(): void;
  /** Collects nothing more: what the end of `using` does, where the language has it. */
  end(): void;
}

/** Collects from here to the end of the scope, `using captured = capture()`, or to `captured.end()`. */
export function capture({ filter }: { readonly filter?: Filter | undefined } = {}): Captured {
  const records: CapturedRecord[] = [];
  const made = registry()
    .with(withFilter(recording(records), filter))
    .dispatch();
  let guard: Disposable | undefined = setDefault(made);
  return {
    records,
    get events() {
      return records.filter(({ kind }) => kind === "event");
    },
    get lines() {
      return this.events.map(lineOf);
    },
    run(f) {
      const inner = setDefault(made);
      const leave = (): void => inner[dispose]();
      let result: ReturnType<typeof f> | undefined;
      try {
        result = f();
        return (result instanceof Promise ? result.finally(leave) : result) as ReturnType<typeof f>;
      } finally {
        if (!(result instanceof Promise)) leave();
      }
    },
    clear: () => void (records.length = 0),
    end() {
      guard?.[dispose]();
      guard = undefined;
      // at once, and not when the garbage collector comes along: the next test begins with nobody listening
      state.dispatchers = state.dispatchers.filter((weak) => weak.deref() !== made);
      rebuildInterest();
    },
    [dispose]() {
      this.end();
    },
  };
}

/** `INFO outer: message`. */
export function lineOf({ level, spans, message = "" }: CapturedRecord): string {
  return `${level.toUpperCase()} ${spans.map(({ name }) => `${name}: `).join("")}${message}`;
}

/** The layer that writes down what happens. */
export function recording(records: CapturedRecord[]): Layer {
  const add = (
    kind: CapturedRecord["kind"],
    id: number,
    context: Context,
    fields?: ReadonlyMap<string, unknown>,
  ): void => {
    const [span, ...around] = context.spanScope(id);
    if (span === undefined) return;
    const own = fields ? Object.fromEntries(fields) : spanOf(span).fields;
    records.push({ ...spanOf(span), kind, message: undefined, fields: own, spans: around.toReversed().map(spanOf) });
  };
  return {
    onNewSpan: (_, id, context) => add("new", id, context),
    onRecord: (id, values, context) => add("record", id, context, values),
    onFollowsFrom: (id, follows, context) => add("follows", id, context, new Map([["follows", follows]])),
    onEnter: (id, context) => add("enter", id, context),
    onExit: (id, context) => add("exit", id, context),
    onClose: (id, context) => add("close", id, context),
    onEvent(event, context) {
      const { name, level, target } = event.metadata;
      const spans = context.eventScope(event).toReversed().map(spanOf);
      const base = { kind: "event", name, level: nameOf(level), target, message: messageOf(event) } as const;
      records.push({ ...base, fields: fieldsOf(event), spans });
    },
  };
}

function fieldsOf(event: Event): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  visitFields(event, (name, value) => (fields[name] = value));
  return fields;
}

function spanOf({ metadata: { name, level, target }, values }: SpanData): CapturedSpan {
  return { name, level: nameOf(level), target, fields: Object.fromEntries(values) };
}

function nameOf(level: 1 | 2 | 3 | 4 | 5): LevelName {
  return levelName(level).toLowerCase() as LevelName;
}
