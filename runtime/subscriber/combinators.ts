/** Filters made of filters, as Rust's `FilterExt`. */
import type { Event } from "../event.ts";
import type { Interest } from "../interest.ts";
import type { LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Filter } from "./filter.ts";
import type { Context } from "./layer.ts";
import { ALWAYS, NEVER, SOMETIMES } from "../interest.ts";

/** What both let through. Its hint is the less verbose one. `b` is asked only where `a` says yes. */
export function and(a: Filter, b: Filter): Filter {
  return {
    ...told(a, b),
    registerCallsite: (metadata) => {
      const first = interestOf(a, metadata);
      const second = first === NEVER ? NEVER : interestOf(b, metadata);
      return first < second ? first : second;
    },
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
  return {
    ...told(a, b),
    registerCallsite: (metadata) => {
      const first = interestOf(a, metadata);
      const second = interestOf(b, metadata);
      const more = first > second ? first : second;
      // what one of them says of values, the other must not say for it
      return more === ALWAYS && (a.eventEnabled || b.eventEnabled) && first !== second ? SOMETIMES : more;
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
  return {
    registerCallsite: (metadata) => {
      const interest = interestOf(filter, metadata);
      if (interest === NEVER) return ALWAYS;
      return interest === ALWAYS && !(filter.eventEnabled && metadata.kind === "event") ? NEVER : SOMETIMES;
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
