/** Decides for one layer, as Rust's `layer::Filter`; the method names are those of a layer, so one object can be both. */
import type { Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Context } from "./layer.ts";

/** A per-layer filter. */
export interface Filter {
  /** The answer for good; by default SOMETIMES, so that `enabled` is asked each time. */
  registerCallsite?(metadata: Metadata): Interest;
  enabled(metadata: Metadata, context: Context): boolean;
  maxLevelHint?(): LevelFilter | undefined;
  eventEnabled?(event: Event, context: Context): boolean;
}
