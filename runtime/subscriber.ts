/** The interface of a subscriber, as Rust's `Collect` trait (`Subscriber` in tracing 0.1). */
import type { Dispatch } from "./dispatcher.ts";
import type { Attributes, Event } from "./event.ts";
import type { Interest } from "./interest.ts";
import type { Level, LevelFilter } from "./level.ts";
import type { Metadata } from "./metadata.ts";

/** The id of a span: an increasing safe integer, never used twice in a process. */
export type SpanId = number;

/** Whether something is wanted. An object is the subscriber's own note of who wants it, handed back with the emission. */
export type Decision = boolean | object;

/** Receives everything. What it throws is reported once and does not reach the program; what it emits goes nowhere. */
export interface Subscriber {
  onRegisterDispatch?(dispatch: Dispatch): void;
  /**
   * Asked once per callsite, at the latest before it is reached, and again after each rebuild; by default `enabled` decides
   * for good.
   */
  registerCallsite?(metadata: Metadata): Interest;
  /**
   * The answer for all callsites of a target and level, where the rest of their metadata makes no difference: then none
   * of them is asked about by itself. `undefined` where it does.
   */
  registerTarget?(target: string, level: Level): Interest | undefined;
  enabled(metadata: Metadata): Decision;
  /** The most verbose level it may want; `undefined` is TRACE. */
  maxLevelHint?(): LevelFilter | undefined;
  newSpan(attributes: Attributes): SpanId;
  record(id: SpanId, values: ReadonlyMap<string, unknown>): void;
  recordFollowsFrom(id: SpanId, follows: SpanId): void;
  /** Asked once for each event, with its values. */
  eventEnabled?(event: Event): boolean;
  event(event: Event): void;
  /**
   * What takes the events of a callsite that need no decision, in place of `eventEnabled` and `event`; `undefined` if
   * these have to be called. Asked once for each callsite, and again after each rebuild.
   */
  eventsOf?(metadata: Metadata): ((event: Event) => void) | undefined;
  /**
   * False if it is done with an event and its list of values when `eventEnabled` and `event` return: then one object
   * serves for all events. Default: true. Read once for each callsite, and again after each rebuild.
   */
  readonly keepsEvents?: boolean;
  enter(id: SpanId): void;
  exit(id: SpanId): void;
  /**
   * False while it does nothing with `enter` and `exit` but count them: an instrumented function, whose span is open
   * all the while, then tells it of neither. Entries by hand are always told.
   */
  readonly followsEntries?: boolean;
  cloneSpan?(id: SpanId): SpanId;
  /** A handle is gone; true if the span has closed by that. */
  tryClose?(id: SpanId): boolean;
  /** The innermost entered span that is still open; by default the innermost entered one. */
  currentSpan?(): { readonly id: SpanId; readonly metadata: Metadata } | undefined;
  /** What it holds under a key of its own choice, as Rust's `downcast_ref`. */
  get?(key: unknown): unknown;
}
