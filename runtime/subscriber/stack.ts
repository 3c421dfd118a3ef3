/** The layers of a registry and what they decide. Decisions are values: one boolean per layer, or `true` for all. */
import type { Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { Level, LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Decision } from "../subscriber.ts";
import type { Filter } from "./filter.ts";
import type { Context, Filtered, Layer, LayerLike } from "./layer.ts";
import type { Listeners } from "./listeners.ts";
import { failed } from "../call.ts";
import { ALWAYS, combine, NEVER, SOMETIMES } from "../interest.ts";
import { consuming, listenersOf, nobody, wantedBy } from "./listeners.ts";

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
  readonly decision: Decision | undefined;
  /** Who wanted it the last time that anybody did. */
  latest?: readonly boolean[];
}

/** The deciding half of the registry: its layers in the order in which they were added. */
export abstract class Stack {
  readonly entries: Entry[] = [];
  /** Since the last rebuild: of callsites for which `enabled` is asked. */
  private verdicts: WeakMap<Metadata, Verdict> = new WeakMap();
  /** Whether there was a layer that is none: with nothing else, nothing is wanted. */
  vacant = false;
  listeners: Listeners = listenersOf(this.entries);
  followsEntries = false;

  protected abstract contextOf(index: number): Context;

  protected add(like: LayerLike): void {
    if (Array.isArray(like) && like.length > 0) {
      return (like as readonly LayerLike[]).forEach((layer) => this.add(layer));
    }
    if (!like || Array.isArray(like)) {
      this.vacant = true;
      return;
    }
    const { filter, layer = like as Layer } = like as Partial<Filtered>;
    const entry = { context: this.contextOf(this.entries.length) } as Entry;
    this.entries.push(entry);
    this.occupy(entry, { layer, filter });
    try {
      layer.onLayer?.(this);
    } catch (error) {
      failed("onLayer", error);
    }
  }

  /** Puts a layer into its place. */
  occupy(entry: Entry, { layer, filter }: { readonly layer: Layer; readonly filter: Filter | undefined }): void {
    entry.layer = layer;
    entry.judge = filter ?? layer;
    entry.alone = filter !== undefined;
    entry.consumes = consuming.some((method) => layer[method]);
    this.listeners = listenersOf(this.entries);
    const { onEnter, onExit } = this.listeners;
    this.followsEntries = onEnter !== nobody || onExit !== nobody;
  }

  /** As the interest of one subscriber: what the layers say together. Filters that disagree make it SOMETIMES. */
  registerCallsite(metadata: Metadata): Interest {
    const verdict = this.verdictOn(metadata);
    const interest = this.together(verdict.interests);
    if (interest === SOMETIMES) this.verdicts.set(metadata, verdict);
    return interest;
  }

  private verdictOn(metadata: Metadata): Verdict {
    const interests = this.entries.map((entry) => {
      const { judge, alone } = entry;
      if (judge.registerCallsite) return Number(judged("registerCallsite", entry, metadata)) as Interest;
      return alone ? SOMETIMES : judged("enabled", entry, metadata) ? ALWAYS : NEVER;
    });
    const decision = interests.includes(SOMETIMES) ? undefined : this.decide(interests, metadata);
    return { interests, decision };
  }

  /** The same for all callsites of a target and level, unless a layer has to be asked about each. */
  registerTarget(target: string, level: Level): Interest | undefined {
    const interests = this.entries.map(({ judge }) => {
      if (judge.registerTarget) return judge.registerTarget(target, level);
      return judge.registerCallsite || judge.enabled ? undefined : ALWAYS;
    });
    return interests.includes(undefined) ? undefined : this.together(interests as Interest[]);
  }

  private together(interests: readonly Interest[]): Interest {
    let all: Interest = ALWAYS;
    let wanted: Interest | undefined;
    this.entries.forEach(({ alone, consumes }, i) => {
      const interest = interests[i]!;
      if (!alone && interest < all) all = interest;
      if (consumes) wanted = combine(wanted, alone ? interest : ALWAYS);
    });
    return Math.min(all, wanted ?? ALWAYS) as Interest;
  }

  /** Who wants it now. Asked last added to first, until a layer that decides for everybody says no. */
  enabled(metadata: Metadata): Decision {
    let verdict = this.verdicts.get(metadata);
    if (verdict === undefined) this.verdicts.set(metadata, (verdict = this.verdictOn(metadata)));
    if (verdict.decision !== undefined) return verdict.decision;
    const wants = this.decide(verdict.interests, metadata);
    // what says the same is the same list: what the callsite has bound for it serves again
    if (wants && !verdict.latest?.every((want, i) => want === wants[i])) verdict.latest = wants;
    return wants && verdict.latest!;
  }

  private decide(interests: readonly Interest[], metadata: Metadata): readonly boolean[] | false {
    const { entries } = this;
    const wants = interests.map(Boolean);
    let isWanted = false;
    let isOnlyFiltered = true;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i]!;
      if (interests[i] === SOMETIMES) wants[i] = !!judged("enabled", entry, metadata);
      if (!wants[i] && !entry.alone) return false;
      if (!entry.consumes) continue;
      isOnlyFiltered = false;
      if (wants[i]) isWanted = true;
    }
    return (isWanted || isOnlyFiltered) && wants;
  }

  /** Whether a layer or filter may hold on to events. */
  get keepsEvents(): boolean {
    return this.entries.some(
      ({ layer, judge }) =>
        (layer.onEvent && layer.keepsEvents !== false) || (judge.eventEnabled && judge.keepsEvents !== false),
    );
  }

  /** As `enabled`, for an event with its values. */
  stillWanted(event: Event): Decision {
    const { entries } = this;
    const { decision } = event;
    let wants: boolean[] | undefined;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i]!;
      if (!entry.judge.eventEnabled || !wantedBy(decision, i) || judged("eventEnabled", entry, event)) continue;
      if (!entry.alone) return false;
      (wants ??= entries.map((_, at) => wantedBy(decision, at)))[i] = false;
    }
    return wants ?? decision;
  }

  /** The most verbose level that any layer may get. A filter for everybody caps it, a filter for one layer only that layer. */
  maxLevelHint(): LevelFilter {
    // a rebuild begins with this question
    this.verdicts = new WeakMap();
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
