/** Levelled events, spans and structured fields for TypeScript, after Rust's `tracing`. */
export type { Instrument, InstrumentDecorator } from "./instrument/types.ts";
export type { InstrumentOptions, OutcomeOption } from "./instrument/options.ts";
export type { LevelName } from "./level.ts";
export type { EventMacro, LevelLike, SpanMacro, Trace, TraceOptions } from "./macro.ts";
export type { Metadata } from "./metadata.ts";
export type { Attributes, Event } from "./event.ts";
export type { Parent, ParentLike } from "./parent.ts";
export type { EnteredSpan, SpanGuard } from "./span.ts";
export type { Decision, SpanId, Subscriber } from "./subscriber.ts";
export type { Dispatch } from "./dispatcher.ts";
export type { Wrapped } from "./field.ts";
export type { Context, Filtered, Layer, LayerLike } from "./subscriber/layer.ts";
export type { Filter } from "./subscriber/filter.ts";
export type { StaticFilter } from "./subscriber/static-filter.ts";
export type { SpanData } from "./subscriber/span-data.ts";
export type { Registry } from "./subscriber/registry.ts";
export type { Targets } from "./subscriber/targets.ts";
export type { OutputOptions } from "./output/options.ts";
export type { SpanTimes } from "./subscriber/timing.ts";
export type { TextOptions } from "./output/text.ts";
export type { Writer } from "./output/writer.ts";

export { Level, LevelFilter, levelName, parseLevel, parseLevelFilter } from "./level.ts";
export { debug, display, Empty } from "./field.ts";
export { messageOf, visitFields } from "./event.ts";
export { Interest, rebuildInterest } from "./interest.ts";
export { Span } from "./handle.ts";
export {
  dispatch,
  getDefault,
  noDispatch,
  setDefault,
  setGlobalDefault,
  trySetGlobalDefault,
  withDefault,
} from "./dispatcher.ts";
export { instrument } from "./instrument/instrument.ts";
export { setContextMode } from "./context-mode.ts";
export { warnOrphans } from "./orphan.ts";
export { trace } from "./trace.ts";
export { registry } from "./subscriber/registry.ts";
export { timesOf, timing } from "./subscriber/timing.ts";
export { withFilter } from "./subscriber/with-filter.ts";
export { levelFilter } from "./subscriber/static-filter.ts";
export { targets } from "./subscriber/targets.ts";
export { text } from "./output/text.ts";
export { json } from "./output/json.ts";
export { jsonOf, textOf } from "./value.ts";
export * from "./subscriber/index.ts";
