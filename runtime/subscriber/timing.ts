/** How long spans were entered, and how long they were not: measured for the layers that ask, by a monotonic clock. */
import type { Layer } from "./layer.ts";
import type { SpanData } from "./span-data.ts";
import { host } from "../platform.ts";

/** Milliseconds. A span that is entered is busy, an open one that is not is idle: it waits. */
export interface SpanTimes {
  readonly busy: number;
  readonly idle: number;
}

interface Measured {
  busy: number;
  idle: number;
  last: number;
  /** How many times it is entered: a span can be entered while it is. */
  depth: number;
}

const key: unique symbol = /*#__PURE__*/ Symbol.for("dtracing.times");

const now = (): number => host.performance?.now() ?? Date.now();

/** A layer that measures. Added before the layers that read `timesOf` in their `onClose`. */
export function timing(): Layer {
  const measured = (span: SpanData | undefined): Measured | undefined => span?.extensions.get(key) as Measured;
  const step = (span: SpanData | undefined, by: 1 | -1): void => {
    const times = measured(span);
    if (times === undefined) return;
    const depth = times.depth;
    times.depth += by;
    // in between it was busy all the while
    if (depth > 0 && times.depth > 0) return;
    const at = now();
    times[depth > 0 ? "busy" : "idle"] += at - times.last;
    times.last = at;
  };
  return {
    onNewSpan: (_, id, context) =>
      void context.span(id)?.extensions.set(key, { busy: 0, idle: 0, last: now(), depth: 0 } satisfies Measured),
    onEnter: (id, context) => step(context.span(id), 1),
    onExit: (id, context) => step(context.span(id), -1),
  };
}

/** The times of a span until now; `undefined` where no `timing()` layer was there when it began. */
export function timesOf(span: SpanData): SpanTimes | undefined {
  const times = span.extensions.get(key) as Measured | undefined;
  if (times === undefined) return undefined;
  const since = now() - times.last;
  const { busy, idle, depth } = times;
  return depth > 0 ? { busy: busy + since, idle } : { busy, idle: idle + since };
}
