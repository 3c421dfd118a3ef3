/** Filters whose answer for a callsite never changes: usable as a layer (for everybody) and as one layer's filter. */
import type { LevelFilter, LevelName } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Filter } from "./filter.ts";
import { Interest } from "../interest.ts";
import { parseLevelFilter } from "../level.ts";

/** A filter on metadata alone. */
export interface StaticFilter extends Filter {
  registerCallsite(metadata: Metadata): Interest;
  maxLevelHint(): LevelFilter;
}

/** A filter from the most verbose level of each target, and of all targets. */
export function filterByTarget(levelOf: (target: string) => LevelFilter, max: LevelFilter): StaticFilter {
  return {
    ...staticFilter(({ target, level }) => level <= levelOf(target), max),
    registerTarget: (target, level) => (level <= levelOf(target) ? Interest.ALWAYS : Interest.NEVER),
  };
}

/** A filter from a question that is asked once per callsite, and the most verbose level that it can answer yes to. */
export function staticFilter(wants: (metadata: Metadata) => boolean, max: LevelFilter): StaticFilter {
  return {
    enabled: wants,
    registerCallsite: (metadata) => (wants(metadata) ? Interest.ALWAYS : Interest.NEVER),
    maxLevelHint: () => max,
  };
}

/** Everything up to a level, as Rust's `LevelFilter`. Throws an Error for a name that is no level. */
export function levelFilter(level: LevelFilter | LevelName | "off"): StaticFilter {
  const max = parseLevelFilter(`${level}`);
  return filterByTarget(() => max, max);
}
