/** What one layer may see of the registry. */
import type { Event } from "../event.ts";
import type { Metadata } from "../metadata.ts";
import type { Parent } from "../parent.ts";
import type { Decision, SpanId } from "../subscriber.ts";
import type { Context } from "./layer.ts";
import type { SpanData } from "./span-data.ts";
import { wantedBy } from "./listeners.ts";

/** The registry, as far as a context asks it. */
interface Spans {
  readonly spans: { get(id: SpanId): SpanData | undefined };
  enabled(metadata: Metadata): Decision;
  event(event: Event): void;
  resolve(parent: Parent): SpanData | undefined;
  currentSpan(): SpanData | undefined;
}

/** The registry as the layer at one index may see it. */
export class LayerContext implements Context {
  readonly registry: Spans;
  readonly index: number;

  constructor(registry: Spans, index: number) {
    this.registry = registry;
    this.index = index;
  }

  span(id: SpanId): SpanData | undefined {
    const data = this.registry.spans.get(id);
    return data && wantedBy(data.decision, this.index) ? data : undefined;
  }

  eventSpan(event: Event): SpanData | undefined {
    return this.seen(this.registry.resolve(event.parent));
  }

  eventScope(event: Event): readonly SpanData[] {
    return this.scope(this.registry.resolve(event.parent));
  }

  spanScope(id: SpanId): readonly SpanData[] {
    return this.scope(this.registry.spans.get(id));
  }

  lookupCurrent(): SpanData | undefined {
    return this.seen(this.registry.currentSpan());
  }

  outer(span: SpanData): SpanData | undefined {
    return this.seen(span.parent);
  }

  enabled(metadata: Metadata): boolean {
    return !!this.registry.enabled(metadata);
  }

  event(event: Omit<Event, "decision">): void {
    const wanted = this.registry.enabled(event.metadata);
    this.registry.event({ ...event, decision: Array.from({ length: this.index }, (_, i) => wantedBy(wanted, i)) });
  }

  scope(data: SpanData | undefined): readonly SpanData[] {
    const scope: SpanData[] = [];
    for (let at = this.seen(data); at !== undefined; at = this.outer(at)) scope.push(at);
    return scope;
  }

  /** The innermost of a span and those around it that the layer may see. */
  private seen(data: SpanData | undefined): SpanData | undefined {
    let at = data;
    while (at !== undefined && !wantedBy(at.decision, this.index)) at = at.parent;
    return at;
  }
}
