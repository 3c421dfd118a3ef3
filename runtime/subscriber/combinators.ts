/** Filters made of filters, as Rust's `FilterExt`. */
import type { Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { Level, LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Filter } from "./filter.ts";
import type { Context } from "./layer.ts";
import { ALWAYS, NEVER, SOMETIMES } from "../interest.ts";

/** What both let through. Its hint is the less verbose one. `b` is asked only where `a` says yes. */
export function and(a: Filter, b: Filter): Filter {
  return {
    ...told(a, b),
    registerCallsite: (metadata) => less(interestOf(a, metadata), () => interestOf(b, metadata)),
    registerTarget: (target, level) => less(byTarget(a, target, level), () => byTarget(b, target, level)),
    enabled: (metadata, context) => a.enabled(metadata, context) && b.enabled(metadata, context),
    get eventEnabled() {
      return withValues([a, b], (event, context) => passes(a, event, context) && passes(b, event, context));
    },
    maxLevelHint: () => {
      const first = hintOf(a);
      const second = hintOf(b);
      return first < second ? first : second;
    },
  };
}

/** What either lets through. Its hint is the more verbose one. */
export function or(a: Filter, b: Filter): Filter {
  const either = (first: Interest, second: Interest): Interest => {
    const more = first > second ? first : second;
    // what one of them says of values, the other must not say for it
    return more === ALWAYS && (a.eventEnabled || b.eventEnabled) && first !== second ? SOMETIMES : more;
  };
  return {
    ...told(a, b),
    registerCallsite: (metadata) => either(interestOf(a, metadata), interestOf(b, metadata)),
    registerTarget: (target, level) => {
      const first = byTarget(a, target, level);
      const second = byTarget(b, target, level);
      return first === undefined || second === undefined ? undefined : either(first, second);
    },
    enabled: (metadata, context) => a.enabled(metadata, context) || b.enabled(metadata, context),
    get eventEnabled() {
      return withValues([a, b], (event, context) => whole(a, event, context) || whole(b, event, context));
    },
    maxLevelHint: () => {
      const first = hintOf(a);
      const second = hintOf(b);
      return first > second ? first : second;
    },
  };
}

/** What the filter does not let through. It has no hint. */
export function not(filter: Filter): Filter {
  const opposite = (interest: Interest, hasValues: boolean): Interest => {
    if (interest === NEVER) return ALWAYS;
    return interest === ALWAYS && !(filter.eventEnabled && hasValues) ? NEVER : SOMETIMES;
  };
  return {
    registerCallsite: (metadata) => opposite(interestOf(filter, metadata), metadata.kind === "event"),
    registerTarget: (target, level) => {
      const interest = byTarget(filter, target, level);
      return interest === undefined || filter.eventEnabled ? undefined : opposite(interest, false);
    },
    enabled: (metadata, context) =>
      (metadata.kind === "event" && filter.eventEnabled !== undefined) || !filter.enabled(metadata, context),
    get eventEnabled() {
      return withValues([filter], (event, context) => !whole(filter, event, context));
    },
  };
}

type Asks = NonNullable<Filter["eventEnabled"]>;

/** The question, if one of the filters has it: it is asked for each event. */
function withValues(filters: readonly Filter[], asks: Asks): Asks {
  return (filters.some(({ eventEnabled }) => eventEnabled) ? asks : undefined) as Asks;
}

/** Both decide for the dispatcher. */
function told(a: Filter, b: Filter): Pick<Filter, "onRegisterDispatch"> {
  return {
    onRegisterDispatch: (dispatch) => [a, b].forEach((one) => one.onRegisterDispatch?.(dispatch)),
  };
}

function interestOf(filter: Filter, metadata: Metadata): Interest {
  return filter.registerCallsite?.(metadata) ?? SOMETIMES;
}

/** What a filter says of all callsites of a target and level; `undefined` if it has to be asked about each. */
export function byTarget(filter: Filter, target: string, level: Level): Interest | undefined {
  return filter.registerTarget || filter.registerCallsite ? filter.registerTarget?.(target, level) : SOMETIMES;
}

function less<I extends Interest | undefined>(first: I, ofSecond: () => I): I {
  if (first === NEVER || first === undefined) return first;
  const second = ofSecond();
  return second === undefined || second < first ? second : first;
}

function hintOf(filter: Filter): LevelFilter {
  return filter.maxLevelHint?.() ?? 5;
}

function passes(filter: Filter, event: Event, context: Context): boolean {
  return filter.eventEnabled?.(event, context) !== false;
}

/** All that the filter says of an event, also where the other one made it come so far. */
function whole(filter: Filter, event: Event, context: Context): boolean {
  return (
    interestOf(filter, event.metadata) !== NEVER &&
    filter.enabled(event.metadata, context) &&
    passes(filter, event, context)
  );
}
