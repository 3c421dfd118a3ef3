/** A part of a subscriber: sees what the registry sees, and can veto it for all, as Rust's `Layer`. */
import type { Dispatch } from "../dispatcher.ts";
import type { Attributes, Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { Level, LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { SpanId } from "../subscriber.ts";
import type { Filter } from "./filter.ts";
import type { SpanData } from "./span-data.ts";

/** The registry as one layer may see it: spans that the layer's own filter did not enable are skipped. */
export interface Context {
  span(id: SpanId): SpanData | undefined;
  /** The span that the event belongs to. */
  eventSpan(event: Event): SpanData | undefined;
  /** The next span around a span. */
  outer(span: SpanData): SpanData | undefined;
  /** The span of the event and its ancestors, leaf to root. */
  eventScope(event: Event): readonly SpanData[];
  /** A span and its ancestors, leaf to root. */
  spanScope(id: SpanId): readonly SpanData[];
  lookupCurrent(): SpanData | undefined;
  /** Whether any layer of the registry would get it now. */
  enabled(metadata: Metadata): boolean;
  /** Hands an event of the layer's own to the layers that were added before it, and to none of the others. */
  event(event: Omit<Event, "decision">): void;
}

/** Is told of events. */
export interface OnEvent {
  (event: Event, context: Context): void;
  /** The same for the events of one callsite, where there is something to be found once for all of them. */
  readonly of?: (metadata: Metadata) => (event: Event, context: Context) => void;
}

/** All methods are optional. `enabled` and `eventEnabled` are asked last added to first, the others told first to last. */
export interface Layer {
  onLayer?(registry: object): void;
  onRegisterDispatch?(dispatch: Dispatch): void;
  /** For everybody; by default as `enabled` says, ALWAYS where there is none. */
  registerCallsite?(metadata: Metadata): Interest;
  /** For everybody, as that of a filter. */
  registerTarget?(target: string, level: Level): Interest | undefined;
  /** For everybody: false and no layer gets it. */
  enabled?(metadata: Metadata, context: Context): boolean;
  maxLevelHint?(): LevelFilter | undefined;
  /** For everybody, with the event's values. */
  eventEnabled?(event: Event, context: Context): boolean;
  onNewSpan?(attributes: Attributes, id: SpanId, context: Context): void;
  onRecord?(id: SpanId, values: ReadonlyMap<string, unknown>, context: Context): void;
  onFollowsFrom?(id: SpanId, follows: SpanId, context: Context): void;
  readonly onEvent?: OnEvent;
  /**
   * False if it is done with an event and its list of values when `onEvent` and `eventEnabled` return: where that goes
   * for all layers, one object serves for all events. Default: true.
   */
  readonly keepsEvents?: boolean;
  onEnter?(id: SpanId, context: Context): void;
  onExit?(id: SpanId, context: Context): void;
  /** The span has closed; the context still finds it. */
  onClose?(id: SpanId, context: Context): void;
  /** What it holds under a key of its own choice; the registry's `get` asks its layers. */
  get?(key: unknown): unknown;
}

/** What `with` takes: a layer, a filtered layer, several, or nothing. */
export type LayerLike = Layer | Filtered | null | undefined | false | readonly LayerLike[];

/** A layer that sees only what its own filter lets through. Made by `withFilter`. */
export interface Filtered {
  readonly layer: Layer;
  readonly filter: Filter;
}
