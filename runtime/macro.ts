/** The types of the macros. They are `| undefined` in `Trace`, so that a forgotten `!` does not compile (TS2722). */
import type { InstrumentOptions } from "./instrument/options.ts";
import type { Level, LevelName } from "./level.ts";
import type { ParentLike } from "./parent.ts";
import type { Span } from "./span.ts";
import type { options } from "./parent.ts";

/** A level or its name. */
export type LevelLike = Level | LevelName;

/** Fields and message in either order, or one of them, or an Error. */
export interface EventMacro {
  (message: string, fields?: object): void;
  (fields: object, message?: string): void;
}

/** A name and fields; the span is typed on their names. */
export type SpanMacro = <F extends object>(name: string, fields?: F) => Span<keyof F & string>;

/** As `EventMacro`, for a level that may be known at run time only. */
export interface DynamicEventMacro {
  (level: LevelLike, message: string, fields?: object): void;
  (level: LevelLike, fields: object, message?: string): void;
}

/** As `SpanMacro`, with the level. */
export type DynamicSpanMacro = <F extends object>(level: LevelLike, name: string, fields?: F) => Span<keyof F & string>;

/** Whether an event or span of this level, here, would be recorded. */
export type EnabledMacro = (level: LevelLike) => boolean;

/** What `instrument` takes, for the function whose first statement it is. */
export type InstrumentMacro = (options?: InstrumentOptions | string) => void;

/** What `trace.with` changes: the target, the parent, the name of events. */
export interface TraceOptions {
  readonly target?: string | undefined;
  /** A span or its id; `null` for none. Default: the current span. */
  readonly parent?: ParentLike;
  readonly name?: string | undefined;
}

/** The macros, as Rust's `info!` and so on: `trace.info!({ port }, "listening")`. */
export interface Trace {
  readonly trace: EventMacro | undefined;
  readonly debug: EventMacro | undefined;
  readonly info: EventMacro | undefined;
  readonly warn: EventMacro | undefined;
  readonly error: EventMacro | undefined;
  readonly event: DynamicEventMacro | undefined;
  readonly traceSpan: SpanMacro | undefined;
  readonly debugSpan: SpanMacro | undefined;
  readonly infoSpan: SpanMacro | undefined;
  readonly warnSpan: SpanMacro | undefined;
  readonly errorSpan: SpanMacro | undefined;
  readonly span: DynamicSpanMacro | undefined;
  readonly enabled: EnabledMacro | undefined;
  readonly eventEnabled: EnabledMacro | undefined;
  readonly spanEnabled: EnabledMacro | undefined;
  /** As the first statement of a function: its body is a span. Nothing but a warning without the build plugin. */
  readonly instrument: InstrumentMacro | undefined;
  /** The same macros with another target, parent or name. */
  with(options: TraceOptions): Trace;
  readonly [options]?: TraceOptions;
}
