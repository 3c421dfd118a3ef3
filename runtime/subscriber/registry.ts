/** Keeps spans for layers, as Rust's `Registry` with its stack of layers. */
import type { Dispatch } from "../dispatcher.ts";
import type { Attributes, Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Parent } from "../parent.ts";
import type { Decision, SpanId, Subscriber } from "../subscriber.ts";
import type { Context, LayerLike } from "./layer.ts";
import type { SpanData } from "./span-data.ts";
import { currentSpan } from "../context.ts";
import { dispatch, setGlobalDefault, trySetGlobalDefault } from "../dispatcher.ts";
import { visitFields } from "../event.ts";
import { rebuildInterest } from "../interest.ts";
import { report } from "../report.ts";
import { state } from "../state.ts";
import { Stack, wantedBy } from "./stack.ts";

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

class Data implements SpanData {
  readonly id: SpanId;
  readonly metadata: Metadata;
  readonly values: Map<string, unknown> = new Map();
  readonly parent: Data | undefined;
  readonly extensions: Map<unknown, unknown> = new Map();
  readonly decision: Decision;
  refs = 1;

  constructor(id: SpanId, { metadata, decision }: Attributes, parent: Data | undefined) {
    this.id = id;
    this.metadata = metadata;
    this.decision = decision;
    this.parent = parent;
  }
}

class LayeredRegistry implements Registry {
  readonly spans: Map<SpanId, Data> = new Map();
  readonly stack: Stack = new Stack((index) => new LayerContext(this, index));
  made: Dispatch | undefined;

  with(layer: LayerLike): this {
    const before = this.stack.entries.length;
    this.stack.add(layer);
    this.stack.notify("onLayer", this.stack.entries.map((_, i) => i >= before), this);
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
    this.stack.notify("onRegisterDispatch", true, dispatch);
  }

  registerCallsite(metadata: Metadata): Interest {
    return this.stack.registerCallsite(metadata);
  }

  enabled(metadata: Metadata): Decision {
    return this.stack.enabled(metadata);
  }

  maxLevelHint(): LevelFilter {
    return this.stack.maxLevelHint();
  }

  newSpan(attributes: Attributes): SpanId {
    const parent = this.resolve(attributes.parent);
    // an open child keeps its parent open
    if (parent) parent.refs++;
    const data = new Data(state.nextSpan++, attributes, parent);
    visitFields(attributes, (name, value) => data.values.set(name, value));
    this.spans.set(data.id, data);
    this.stack.notify("onNewSpan", data.decision, attributes, data.id);
    return data.id;
  }

  record(id: SpanId, values: ReadonlyMap<string, unknown>): void {
    const data = this.find(id);
    values.forEach((value, name) => data?.values.set(name, value));
    if (data) this.stack.notify("onRecord", data.decision, id, values);
  }

  recordFollowsFrom(id: SpanId, follows: SpanId): void {
    const data = this.find(id);
    if (data) this.stack.notify("onFollowsFrom", data.decision, id, follows);
  }

  // the layers' eventEnabled is part of this, because its answer differs per layer
  event(event: Event): void {
    const wants = this.stack.eventEnabled(event);
    if (wants !== false) this.stack.notify("onEvent", wants, event);
  }

  enter(id: SpanId): void {
    const data = this.find(id);
    if (!data) return;
    data.refs++;
    this.stack.notify("onEnter", data.decision, id);
  }

  exit(id: SpanId): void {
    const data = this.find(id);
    if (!data) return;
    this.stack.notify("onExit", data.decision, id);
    this.tryClose(id);
  }

  cloneSpan(id: SpanId): SpanId {
    const data = this.find(id);
    if (data) data.refs++;
    return id;
  }

  /** Closes the span with its last reference, then perhaps its parent: always here, whatever the current dispatcher is. */
  tryClose(id: SpanId): boolean {
    let data = this.find(id);
    const closes = data?.refs === 1;
    while (data !== undefined && --data.refs === 0) {
      this.stack.notify("onClose", data.decision, data.id);
      this.spans.delete(data.id);
      data = data.parent;
    }
    return closes;
  }

  currentSpan(): SpanData | undefined {
    const found = currentSpan(({ dispatch, span }) => dispatch.subscriber === this && this.spans.has(span!.id));
    return found && this.spans.get(found.id);
  }

  get(key: unknown): unknown {
    return this.stack.entries.map(({ layer }) => layer.get?.(key)).find((found) => found !== undefined);
  }

  resolve(parent: Parent): Data | undefined {
    switch (parent.kind) {
      case "current":
        return this.currentSpan() as Data | undefined;
      case "root":
        return undefined;
      case "explicit":
        return this.find(parent.id);
    }
  }

  find(id: SpanId): Data | undefined {
    const data = this.spans.get(id);
    if (data === undefined) {
      report("unknown span", `the span ${id} is closed, or belongs to another subscriber; what was asked of it is ignored`);
    }
    return data;
  }
}

/** The registry as the layer at one index may see it. */
class LayerContext implements Context {
  readonly registry: LayeredRegistry;
  readonly index: number;

  constructor(registry: LayeredRegistry, index: number) {
    this.registry = registry;
    this.index = index;
  }

  span(id: SpanId): SpanData | undefined {
    const data = this.registry.spans.get(id);
    return data && wantedBy(data.decision, this.index) ? data : undefined;
  }

  eventSpan(event: Event): SpanData | undefined {
    return this.eventScope(event)[0];
  }

  eventScope(event: Event): readonly SpanData[] {
    return this.scope(this.registry.resolve(event.parent));
  }

  spanScope(id: SpanId): readonly SpanData[] {
    return this.scope(this.registry.spans.get(id));
  }

  lookupCurrent(): SpanData | undefined {
    return this.scope(this.registry.currentSpan())[0];
  }

  scope(data: SpanData | undefined): readonly SpanData[] {
    const scope: SpanData[] = [];
    for (let at = data; at !== undefined; at = at.parent) if (wantedBy(at.decision, this.index)) scope.push(at);
    return scope;
  }
}
