/** What the registry keeps of an open span. */
import type { Metadata } from "../metadata.ts";
import type { Decision, SpanId } from "../subscriber.ts";

/** A span, for layers: read what you like, write into `extensions` only. */
export interface SpanData {
  readonly id: SpanId;
  readonly metadata: Metadata;
  /** The recorded values by name, in the order in which they were first set. The last write of a name wins. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly parent: SpanData | undefined;
  /** Whatever layers keep here, under keys of their own (objects or symbols). */
  readonly extensions: Map<unknown, unknown>;
  /** Handles, entries and children; it closes when none is left. */
  readonly refs: number;
  /** Which layers' filters want it; read it through the layer's context. */
  readonly decision: Decision;
}
