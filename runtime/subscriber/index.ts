/** Everything of subscribers that is not part of the core: what a program does not name, it does not ship. */
export type { EnvFilter, EnvFilterOptions } from "./env-filter.ts";
export type { Directive, Expected, FieldMatch } from "./env/directive.ts";
export type { Reloadable, ReloadHandle } from "./reload.ts";
export type { JsonOptions, JsonRecord, JsonShape, Put } from "../output/json.ts";
export type { SpanEvent } from "../output/span-events.ts";
export type { TreeOptions } from "../output/tree.ts";
export type { LimitFilter } from "./limits.ts";
export type { SpanTrace, TracedSpan } from "./span-trace.ts";

export { and, not, or } from "./combinators.ts";
export { envFilter, envFilterFromEnv } from "./env-filter.ts";
export { FilterError } from "./env/filter-error.ts";
export { dynamicFilterFn, filterFn } from "./filter-fn.ts";
export { reload, reloadLayer } from "./reload.ts";
export { compact } from "../output/compact.ts";
export { pretty } from "../output/pretty.ts";
export { redact, secret } from "../output/redact.ts";
export { spanEvents } from "../output/span-events.ts";
export { localTime, uptime } from "../output/timers.ts";
export { tree } from "../output/tree.ts";
export { ecsShape, otelShape, pinoLevels, pinoShape } from "../output/json-shapes.ts";
export { captureSpanTrace, errorLayer, spanTraceOf, traced } from "./span-trace.ts";
export { rateLimit, sample } from "./limits.ts";
