/** Keeps spans for layers, as Rust's `Registry` with its stack of layers. */
import type { Dispatch } from "../dispatcher.ts";
import type { Attributes, Event } from "../event.ts";
import type { Metadata } from "../metadata.ts";
import type { Parent } from "../parent.ts";
import type { SpanId, Subscriber } from "../subscriber.ts";
import type { Context, LayerLike } from "./layer.ts";
import { innermost, skip } from "../context.ts";
import { dispatch, setGlobalDefault, trySetGlobalDefault } from "../dispatcher.ts";
import { rebuildInterest } from "../interest.ts";
import { report } from "../report.ts";
import { state } from "../state.ts";
import { LayerContext } from "./layer-context.ts";
import { OpenSpans } from "./open-spans.ts";
import { SpanRecord } from "./span-record.ts";
import { Stack } from "./stack.ts";

/** A subscriber that is built from layers: `registry().with(text()).init()`. */
export interface Registry extends Subscriber {
  /** Adds a layer, or several; `null` and `false` add none. Later layers are asked first and told last. */
  with(layer: LayerLike): this;
  /** Makes it the default of the whole process; throws if there is one. */
  init(): Dispatch;
  /** As `init`, but answers whether it was the first. */
  tryInit(): boolean;
  /** For `withDefault` and `setDefault`. */
  dispatch(): Dispatch;
}

/** An empty registry. Its spans are shared by all its layers. */
export function registry(): Registry {
  return new LayeredRegistry();
}

class LayeredRegistry extends Stack implements Registry {
  readonly spans: OpenSpans = new OpenSpans();
  made: Dispatch | undefined;

  protected contextOf(index: number): Context {
    return new LayerContext(this, index);
  }

  with(layer: LayerLike): this {
    this.add(layer);
    if (this.made) rebuildInterest();
    return this;
  }

  init(): Dispatch {
    const made = this.dispatch();
    setGlobalDefault(made);
    return made;
  }

  tryInit(): boolean {
    return state.global === undefined && trySetGlobalDefault(this.dispatch());
  }

  dispatch(): Dispatch {
    return (this.made ??= dispatch(this));
  }

  onRegisterDispatch(dispatch: Dispatch): void {
    this.made ??= dispatch;
    this.listeners.onRegisterDispatch(true, dispatch);
  }

  newSpan(attributes: Attributes): SpanId {
    const parent = this.resolve(attributes.parent);
    // an open child keeps its parent open
    if (parent) parent.refs++;
    const span = new SpanRecord(state.nextSpan++, attributes, parent);
    this.spans.add(span);
    this.listeners.onNewSpan(span.decision, attributes, span.id);
    return span.id;
  }

  record(id: SpanId, values: ReadonlyMap<string, unknown>): void {
    const span = this.find(id);
    if (!span) return;
    values.forEach((value, name) => span.values.set(name, value));
    this.listeners.onRecord(span.decision, id, values);
  }

  recordFollowsFrom(id: SpanId, follows: SpanId): void {
    const span = this.find(id);
    if (span) this.listeners.onFollowsFrom(span.decision, id, follows);
  }

  // the layers' eventEnabled is part of this, because its answer differs per layer
  event(event: Event): void {
    this.listeners.onEvent(this.stillWanted(event), event);
  }

  eventsOf(metadata: Metadata): ((event: Event) => void) | undefined {
    const [only, ...others] = this.entries.filter(({ layer, judge }) => layer.onEvent ?? judge.eventEnabled);
    if (only === undefined || others.length > 0 || only.judge.eventEnabled) return undefined;
    const take = only.layer.onEvent?.of?.(metadata);
    return take && ((event) => take(event, only.context));
  }

  enter(id: SpanId): void {
    const span = this.find(id);
    if (!span) return;
    span.refs++;
    this.listeners.onEnter(span.decision, id);
  }

  exit(id: SpanId): void {
    const span = this.find(id);
    if (!span) return;
    this.listeners.onExit(span.decision, id);
    this.release(span);
  }

  cloneSpan(id: SpanId): SpanId {
    const span = this.find(id);
    if (span) span.refs++;
    return id;
  }

  tryClose(id: SpanId): boolean {
    const span = this.find(id);
    return span !== undefined && this.release(span);
  }

  /** Closes the span with its last reference, then perhaps its parent: always here, whatever the current dispatcher is. */
  private release(span: SpanRecord): boolean {
    let last: SpanRecord | undefined = span;
    while (last !== undefined && --last.refs === 0) {
      this.listeners.onClose(last.decision, last.id);
      this.spans.delete(last);
      last = last.parent;
    }
    return last !== span;
  }

  currentSpan(): SpanRecord | undefined {
    for (let frame = innermost(); frame !== undefined; frame = skip(frame.outer)) {
      const span = this.spans.get(frame.span.id!);
      if (span !== undefined) return span;
    }
    return undefined;
  }

  get(key: unknown): unknown {
    for (const { layer } of this.entries) {
      const found = layer.get?.(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  resolve(parent: Parent): SpanRecord | undefined {
    switch (parent.kind) {
      case "current":
        return this.currentSpan();
      case "root":
        return undefined;
      case "explicit":
        return this.find(parent.id);
    }
  }

  find(id: SpanId): SpanRecord | undefined {
    const span = this.spans.get(id);
    if (span === undefined) {
      report(
        "unknown span",
        `the span ${id} is closed, or belongs to another subscriber; what was asked of it is ignored`,
      );
    }
    return span;
  }
}
