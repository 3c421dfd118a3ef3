/** What the registry itself keeps of an open span: flat, because every span has one; maps are made when they are read. */
import type { Attributes } from "../event.ts";
import type { Metadata } from "../metadata.ts";
import type { Decision, SpanId } from "../subscriber.ts";
import type { SpanData } from "./span-data.ts";
import { visitFields } from "../event.ts";

export class SpanRecord implements SpanData {
  readonly id: SpanId;
  readonly metadata: Metadata;
  readonly decision: Decision;
  readonly parent: SpanRecord | undefined;
  refs: number;
  /** As they were given. */
  private readonly given: readonly unknown[];
  private known: Map<string, unknown> | undefined;
  private extended: Map<unknown, unknown> | undefined;

  constructor(id: SpanId, { metadata, values, decision }: Attributes, parent: SpanRecord | undefined) {
    this.id = id;
    this.metadata = metadata;
    this.decision = decision;
    this.parent = parent;
    this.refs = 1;
    this.given = values;
    this.known = undefined;
    this.extended = undefined;
    // an open set says now what it holds: the program may change it
    if (metadata.fields.length < metadata.layout.length && metadata.layout.includes("...")) void this.values;
  }

  get values(): Map<string, unknown> {
    if (this.known === undefined) {
      const values = (this.known = new Map());
      visitFields({ metadata: this.metadata, values: this.given }, (name, value) => values.set(name, value));
    }
    return this.known;
  }

  get extensions(): Map<unknown, unknown> {
    return (this.extended ??= new Map());
  }
}
