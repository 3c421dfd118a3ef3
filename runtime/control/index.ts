/** `dtracing/control`: filters that are changed from outside of the process. */
export type { LiveFilter, LiveOptions } from "./live-filter.ts";
export { liveFilter } from "./live-filter.ts";
