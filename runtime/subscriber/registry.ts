/** Keeps spans for layers, as Rust's `Registry` with its stack of layers. */
import type { Dispatch } from "../dispatcher.ts";
import type { Attributes, Event } from "../event.ts";
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
import { LayerContext } from "./layer-context.ts";
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

class LayeredRegistry extends Stack implements Registry {
  readonly spans: Map<SpanId, Data> = new Map();
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
    this.notify("onRegisterDispatch", true, dispatch);
  }

  newSpan(attributes: Attributes): SpanId {
    const parent = this.resolve(attributes.parent);
    // an open child keeps its parent open
    if (parent) parent.refs++;
    const data = new Data(state.nextSpan++, attributes, parent);
    visitFields(attributes, (name, value) => data.values.set(name, value));
    this.spans.set(data.id, data);
    this.notify("onNewSpan", data.decision, attributes, data.id);
    return data.id;
  }

  record(id: SpanId, values: ReadonlyMap<string, unknown>): void {
    const data = this.find(id);
    if (!data) return;
    values.forEach((value, name) => data.values.set(name, value));
    this.notify("onRecord", data.decision, id, values);
  }

  recordFollowsFrom(id: SpanId, follows: SpanId): void {
    const data = this.find(id);
    if (data) this.notify("onFollowsFrom", data.decision, id, follows);
  }

  // the layers' eventEnabled is part of this, because its answer differs per layer
  event(event: Event): void {
    this.notify("onEvent", this.stillWanted(event), event);
  }

  enter(id: SpanId): void {
    const data = this.find(id);
    if (!data) return;
    data.refs++;
    this.notify("onEnter", data.decision, id);
  }

  exit(id: SpanId): void {
    const data = this.find(id);
    if (!data) return;
    this.notify("onExit", data.decision, id);
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
      this.notify("onClose", data.decision, data.id);
      this.spans.delete(data.id);
      data = data.parent;
    }
    return closes;
  }

  currentSpan(): SpanData | undefined {
    const found = currentSpan(({ span }) => this.spans.has(span!.id));
    return found && this.spans.get(found.id);
  }

  get(key: unknown): unknown {
    for (const { layer } of this.entries) {
      const found = layer.get?.(key);
      if (found !== undefined) return found;
    }
    return undefined;
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
      report(
        "unknown span",
        `the span ${id} is closed, or belongs to another subscriber; what was asked of it is ignored`,
      );
    }
    return data;
  }
}
