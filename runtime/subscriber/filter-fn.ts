/** Filters from functions, as Rust's `filter_fn` and `dynamic_filter_fn`. */
import type { Interest } from "../interest.ts";
import type { LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Filter } from "./filter.ts";
import type { Context } from "./layer.ts";
import type { StaticFilter } from "./static-filter.ts";
import { SOMETIMES } from "../interest.ts";
import { staticFilter } from "./static-filter.ts";

/** A filter from a question about the callsite alone: asked once for each. */
export function filterFn(wants: (metadata: Metadata) => boolean, maxLevelHint: LevelFilter = 5): StaticFilter {
  return staticFilter(wants, maxLevelHint);
}

/** A filter from a question that is asked each time, with the current span at hand. */
export function dynamicFilterFn(
  wants: (metadata: Metadata, context: Context) => boolean,
  {
    maxLevelHint,
    callsite = () => SOMETIMES,
  }: {
    readonly maxLevelHint?: LevelFilter | undefined;
    /** The answer for good, where there is one. Default: SOMETIMES. */
    readonly callsite?: ((metadata: Metadata) => Interest) | undefined;
  } = {},
): Filter {
  return { enabled: wants, registerCallsite: callsite, maxLevelHint: () => maxLevelHint };
}
