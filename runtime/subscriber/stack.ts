/** The layers of a registry and what they decide. Decisions are values: one boolean per layer, or `true` for all. */
import type { Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Decision } from "../subscriber.ts";
import type { Filter } from "./filter.ts";
import type { Context, Filtered, Layer, LayerLike } from "./layer.ts";
import { failed } from "../call.ts";
import { ALWAYS, combine, SOMETIMES } from "../interest.ts";

/** A layer and its place. The place is for good, the layer can be exchanged. */
export interface Entry {
  readonly context: Context;
  layer: Layer;
  /** Who decides: the layer's own filter for it alone, else the layer itself for everybody. */
  judge: Partial<Filter>;
  alone: boolean;
  /** False for a mere filter: it wants nothing for itself. */
  consumes: boolean;
}

/** The interest of each layer, and the decision if it never changes. */
interface Verdict {
  readonly interests: readonly Interest[];
  decision: Decision | undefined;
}

/** The deciding half of the registry: its layers in the order in which they were added. */
export abstract class Stack {
  readonly entries: Entry[] = [];
  readonly verdicts: WeakMap<Metadata, Verdict> = new WeakMap();
  /** Whether there was a layer that is none: with nothing else, nothing is wanted. */
  vacant = false;

  protected abstract contextOf(index: number): Context;

  protected add(like: LayerLike): void {
    if (Array.isArray(like) && like.length > 0) {
      return (like as readonly LayerLike[]).forEach((layer) => this.add(layer));
    }
    if (!like || Array.isArray(like)) {
      this.vacant = true;
      return;
    }
    const index = this.entries.length;
    const { filter, layer = like as Layer } = like as Partial<Filtered>;
    const entry = { context: this.contextOf(index) } as Entry;
    this.occupy(entry, { layer, filter });
    this.entries.push(entry);
    this.notify("onLayer", { [index]: true }, this);
  }

  /** Puts a layer into its place. */
  occupy(entry: Entry, { layer, filter }: { readonly layer: Layer; readonly filter: Filter | undefined }): void {
    entry.layer = layer;
    entry.judge = filter ?? layer;
    entry.alone = filter !== undefined;
    entry.consumes = (
      ["onEvent", "onNewSpan", "onRecord", "onFollowsFrom", "onEnter", "onExit", "onClose"] as const
    ).some((method) => layer[method]);
  }

  /** As the interest of one subscriber: what the layers say together. Filters that disagree make it SOMETIMES. */
  registerCallsite(metadata: Metadata): Interest {
    let all: Interest = ALWAYS;
    let wanted: Interest | undefined;
    const interests: Interest[] = [];
    this.eachBack((entry, i) => {
      const { judge, alone, consumes } = entry;
      const fixed = judge.registerCallsite
        ? judged("registerCallsite", entry, metadata)
        : alone
          ? SOMETIMES
          : judged("enabled", entry, metadata) && ALWAYS;
      const interest = (interests[i] = Number(fixed) as Interest);
      if (!alone && interest < all) all = interest;
      if (consumes) wanted = combine(wanted, alone ? interest : ALWAYS);
      return true;
    });
    const verdict: Verdict = { interests, decision: undefined };
    this.verdicts.set(metadata, verdict);
    if (!interests.includes(SOMETIMES)) verdict.decision = this.enabled(metadata);
    return Math.min(all, wanted ?? ALWAYS) as Interest;
  }

  /** Who wants it now. Asked last added to first, until a layer that decides for everybody says no. */
  enabled(metadata: Metadata): Decision {
    if (!this.verdicts.has(metadata)) this.registerCallsite(metadata);
    const { interests, decision } = this.verdicts.get(metadata)!;
    if (decision !== undefined) return decision;
    const wants = interests.map(Boolean);
    const passed = this.eachBack((entry, i) => {
      if (interests[i] === SOMETIMES) wants[i] = !!judged("enabled", entry, metadata);
      return entry.alone || wants[i]!;
    });
    const { entries } = this;
    return (
      passed && (entries.some(({ consumes }, i) => consumes && wants[i]) || !entries.some((e) => e.consumes)) && wants
    );
  }

  /** As `enabled`, for an event with its values. */
  stillWanted(event: Event): Decision {
    if (!this.entries.some(({ judge }) => judge.eventEnabled)) return event.decision;
    const wants = this.entries.map((_, i) => wantedBy(event.decision, i));
    return this.eachBack((entry, i) => (wants[i] &&= !!judged("eventEnabled", entry, event)) || entry.alone) && wants;
  }

  /** The most verbose level that any layer may get. A filter for everybody caps it, a filter for one layer only that layer. */
  maxLevelHint(): LevelFilter {
    let cap = 5;
    let wanted = -1;
    for (const { judge, alone, consumes } of this.entries) {
      const hint = judge.maxLevelHint?.() ?? 5;
      if (!alone && judge.enabled) cap = Math.min(cap, hint);
      if (consumes) wanted = Math.max(wanted, hint);
    }
    if (wanted < 0) wanted = this.vacant && this.entries.length === 0 ? 0 : 5;
    return Math.min(cap, wanted) as LevelFilter;
  }

  /** Tells the layers that want it, first added to last; one that throws does not keep the others from it. */
  protected notify(method: Exclude<keyof Layer, "get">, decision: Decision, ...values: unknown[]): void {
    this.entries.forEach(({ layer, judge, alone, context }, i) => {
      try {
        if (!wantedBy(decision, i)) return;
        // a filter of one layer's own may follow the spans it let through
        if (alone && method !== "onEvent") tell(judge as Layer, method, values, context);
        tell(layer, method, values, context);
      } catch (error) {
        failed(method, error);
      }
    });
  }

  /** Last added to first, while the answer is true; whether it always was. */
  private eachBack(f: (entry: Entry, index: number) => boolean): boolean {
    return this.entries.reduceRight((go, entry, i) => go && f(entry, i), true);
  }
}

/** Whether the layer at an index is among those that a decision is for. */
export function wantedBy(decision: Decision, index: number): boolean {
  return decision === true || (decision as Readonly<Record<number, boolean>>)[index] === true;
}

function tell(layer: Layer, method: Exclude<keyof Layer, "get">, values: unknown[], context: Context): void {
  (layer[method] as ((...values: unknown[]) => void) | undefined)?.call(layer, ...values, context);
}

/** What a filter answers: yes if it does not care, no if it throws. */
function judged(method: keyof Filter, { judge, context }: Entry, value: unknown): boolean | Interest {
  try {
    const ask = judge[method] as ((value: unknown, context: Context) => boolean | Interest) | undefined;
    return ask ? ask.call(judge, value, context) : true;
  } catch (error) {
    failed(method, error);
    return false;
  }
}
