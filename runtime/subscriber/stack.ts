/** The layers of a registry and what their filters decide. Decisions are values: one boolean per layer, or `true`. */
import type { LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Decision } from "../subscriber.ts";
import type { Filter } from "./filter.ts";
import type { Context, Layer, LayerLike } from "./layer.ts";
import type { Event } from "../event.ts";
import { failed } from "../call.ts";
import { combine, Interest } from "../interest.ts";

type Method = Exclude<keyof Layer, "get">;
type Judge = Pick<Layer, "registerCallsite" | "enabled" | "maxLevelHint" | "eventEnabled">;

interface Entry {
  readonly layer: Layer;
  readonly context: Context;
  /** Whether the judges decide for this layer alone. Without filters the layer itself decides, and for everybody. */
  readonly filtered: boolean;
  readonly judges: readonly Judge[];
  /** False for a mere filter: it wants nothing for itself. */
  readonly consumes: boolean;
}

/** The interest of each entry, and the decision if it never changes. */
interface Verdict {
  readonly interests: readonly Interest[];
  readonly decision: Decision | undefined;
}

/** Layers in the order in which they were added, nested filters flattened. */
export class Stack {
  readonly entries: Entry[] = [];
  verdicts: WeakMap<Metadata, Verdict> = new WeakMap();
  readonly contextOf: (index: number) => Context;

  constructor(contextOf: (index: number) => Context) {
    this.contextOf = contextOf;
  }

  add(like: LayerLike, filters: readonly Filter[] = []): void {
    if (!like) return;
    if (Array.isArray(like)) return (like as readonly LayerLike[]).forEach((layer) => this.add(layer, filters));
    if ("layer" in like && "filter" in like) {
      return this.add(like.layer, like.filter ? [...filters, like.filter] : filters);
    }
    const layer = like as Layer;
    this.verdicts = new WeakMap();
    this.entries.push({
      layer,
      context: this.contextOf(this.entries.length),
      filtered: filters.length > 0,
      judges: [...filters, layer],
      consumes: /\bon(?!Layer|Register)[A-Z]/.test(methodsOf(layer)),
    });
  }

  /** As `Interest` of one subscriber: what the layers say together. Filters that disagree make it SOMETIMES. */
  registerCallsite(metadata: Metadata): Interest {
    const interests = this.entries.map(() => Interest.NEVER as Interest);
    let all: Interest = Interest.ALWAYS;
    let wanted: Interest | undefined;
    for (let i = this.entries.length - 1; i >= 0 && all !== Interest.NEVER; i--) {
      const { judges, filtered, consumes } = this.entries[i]!;
      const interest = judges.reduce<Interest>(
        (least, judge) => Math.min(least, least && interestOf(judge, metadata, this.entries[i]!)) as Interest,
        Interest.ALWAYS,
      );
      interests[i] = interest;
      if (!filtered) all = Math.min(all, interest) as Interest;
      if (consumes) wanted = combine(wanted, filtered ? interest : Interest.ALWAYS);
    }
    const together = Math.min(all, wanted ?? Interest.ALWAYS) as Interest;
    const fixed = together === Interest.NEVER ? false : interests.every((interest) => interest === Interest.ALWAYS);
    const open = together !== Interest.NEVER && interests.includes(Interest.SOMETIMES);
    const decision = open ? undefined : together === Interest.NEVER ? false : fixed || interests.map(Boolean);
    this.verdicts.set(metadata, { interests, decision });
    return together;
  }

  /** Who wants it now: `true` is everybody, an array says it per layer. Asked last added to first. */
  enabled(metadata: Metadata): Decision {
    if (!this.verdicts.has(metadata)) this.registerCallsite(metadata);
    const { interests, decision } = this.verdicts.get(metadata)!;
    if (decision !== undefined) return decision;
    const wants = interests.map(Boolean);
    for (let i = wants.length - 1; i >= 0; i--) {
      const { judges, filtered, context } = this.entries[i]!;
      if (interests[i] === Interest.SOMETIMES) {
        wants[i] = judges.every((judge) => attempt("enabled", () => judge.enabled?.(metadata, context) ?? true, false));
      }
      if (!filtered && !wants[i]) return false;
    }
    return this.entries.every(({ consumes }, i) => !(consumes && wants[i])) && this.entries.some((e) => e.consumes)
      ? false
      : wants;
  }

  /** As `enabled`, with the event's values: `false`, or who still wants it. */
  eventEnabled(event: Event): Decision {
    let wants = event.decision;
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const { judges, filtered, context } = this.entries[i]!;
      if (!wantedBy(wants, i) || !judges.some((judge) => judge.eventEnabled)) continue;
      if (judges.every((judge) => attempt("eventEnabled", () => judge.eventEnabled?.(event, context) ?? true, false))) continue;
      if (!filtered) return false;
      const before = wants;
      wants = this.entries.map((_, j) => j !== i && wantedBy(before, j));
    }
    return wants;
  }

  /** The most verbose level that any layer may get. A filter for everybody caps it, a filter for one layer only that layer. */
  maxLevelHint(): LevelFilter {
    let cap = 5;
    let wanted: number | undefined;
    for (const { judges, filtered, consumes, layer } of this.entries) {
      const hint = Math.min(...judges.map((judge) => judge.maxLevelHint?.() ?? 5));
      if (!filtered && layer.enabled) cap = Math.min(cap, hint);
      if (consumes) wanted = Math.max(wanted ?? 0, hint);
    }
    return Math.min(cap, wanted ?? 5) as LevelFilter;
  }

  /** Tells the layers that want it, first added to last; one that throws does not keep the others from it. */
  notify<M extends Method>(method: M, decision: Decision, ...values: unknown[]): void {
    for (let i = 0; i < this.entries.length; i++) {
      const { layer, context } = this.entries[i]!;
      if (!wantedBy(decision, i)) continue;
      try {
        (layer[method] as ((...values: unknown[]) => void) | undefined)?.call(layer, ...values, context);
      } catch (error) {
        failed(method, error);
      }
    }
  }
}

/** Whether the layer at an index is among those that a decision is for. */
export function wantedBy(decision: Decision, index: number): boolean {
  return decision === true || (decision as readonly boolean[])[index] === true;
}

function interestOf(judge: Judge, metadata: Metadata, { layer, context }: Entry): Interest {
  return attempt(
    "registerCallsite",
    () => {
      if (judge.registerCallsite) return judge.registerCallsite(metadata);
      if (judge !== layer) return Interest.SOMETIMES;
      return !judge.enabled || judge.enabled(metadata, context) ? Interest.ALWAYS : Interest.NEVER;
    },
    Interest.NEVER,
  );
}

/** A filter that throws answers no. */
function attempt<T>(method: string, f: () => T, otherwise: T): T {
  try {
    return f();
  } catch (error) {
    failed(method, error);
    return otherwise;
  }
}

/** The names of what a layer implements, also where it is an instance of a class. */
function methodsOf(layer: object): string {
  const names: string[] = [];
  for (let o = layer; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o) as object) {
    names.push(...Object.getOwnPropertyNames(o));
  }
  return names.join(" ");
}
