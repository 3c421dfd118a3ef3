/** Decides for one layer, as Rust's `layer::Filter`; the method names are those of a layer, so one object can be both. */
import type { Dispatch } from "../dispatcher.ts";
import type { Attributes, Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { Level, LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { SpanId } from "../subscriber.ts";
import type { Context } from "./layer.ts";

/** A per-layer filter. */
export interface Filter {
  /** The answer for good; by default SOMETIMES, so that `enabled` is asked each time. */
  registerCallsite?(metadata: Metadata): Interest;
  /**
   * The answer for all callsites of a target and level, where the rest of their metadata makes no difference: then none
   * of them is asked about by itself. `undefined` where it does.
   */
  registerTarget?(target: string, level: Level): Interest | undefined;
  enabled(metadata: Metadata, context: Context): boolean;
  maxLevelHint?(): LevelFilter | undefined;
  eventEnabled?(event: Event, context: Context): boolean;
  /** As that of a layer: false if it is done with an event when `eventEnabled` returns. Default: true. */
  readonly keepsEvents?: boolean;
  /** Told of the dispatcher that it decides for. */
  onRegisterDispatch?(dispatch: Dispatch): void;
  /** Told, before the layer is, of the spans that the filter let through. */
  onNewSpan?(attributes: Attributes, id: SpanId, context: Context): void;
  onRecord?(id: SpanId, values: ReadonlyMap<string, unknown>, context: Context): void;
  onEnter?(id: SpanId, context: Context): void;
  onExit?(id: SpanId, context: Context): void;
  onClose?(id: SpanId, context: Context): void;
}
