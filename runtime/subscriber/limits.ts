/** Fewer events of each callsite, decided before their arguments are built. */
import type { Metadata } from "../metadata.ts";
import type { Filter } from "./filter.ts";
import { ALWAYS, SOMETIMES } from "../interest.ts";
import { host } from "../platform.ts";

/** A filter that counts what it held back. */
export interface LimitFilter extends Filter {
  /** How many events it held back, of one callsite or of all. */
  suppressed(metadata?: Metadata): number;
}

/** The first event of each callsite, and then one in `n`. Spans pass. */
export function sample(n: number): LimitFilter {
  return limit(() => {
    let count = 0;
    return () => count++ % n === 0;
  });
}

/**
 * At most so many events per second of each callsite, and up to `burst` at once. Spans pass. Behind another filter
 * (`and(filter, rateLimit(10))`) only what that one lets through is counted.
 */
export function rateLimit(
  perSecond: number,
  {
    burst = Math.max(1, perSecond),
    now = () => host.performance?.now() ?? Date.now(),
  }: {
    readonly burst?: number | undefined;
    /** The clock, in milliseconds. */
    readonly now?: (() => number) | undefined;
  } = {},
): LimitFilter {
  return limit(() => {
    let tokens = burst;
    let last = now();
    return () => {
      const present = now();
      tokens = Math.min(burst, tokens + ((present - last) / 1000) * perSecond);
      last = present;
      if (tokens < 1) return false;
      tokens--;
      return true;
    };
  });
}

function limit(make: () => () => boolean): LimitFilter {
  const gates = new WeakMap<Metadata, { readonly passes: () => boolean; suppressed: number }>();
  let all = 0;
  return {
    registerCallsite: ({ kind }) => (kind === "event" ? SOMETIMES : ALWAYS),
    enabled(metadata) {
      if (metadata.kind !== "event") return true;
      let gate = gates.get(metadata);
      if (gate === undefined) gates.set(metadata, (gate = { passes: make(), suppressed: 0 }));
      if (gate.passes()) return true;
      gate.suppressed++;
      all++;
      return false;
    },
    suppressed: (metadata) => (metadata ? (gates.get(metadata)?.suppressed ?? 0) : all),
  };
}
