/** Turns the life of spans into events of an output, as Rust's `FmtSpan`: new, enter, exit, close. */
import type { Event } from "../event.ts";
import type { Metadata } from "../metadata.ts";
import type { Filtered, Context, Layer } from "../subscriber/layer.ts";
import type { SpanId } from "../subscriber.ts";
import { display } from "../field.ts";
import { host } from "../platform.ts";
import { durationText } from "./duration.ts";

/** `active` is enter and exit, `full` is all four. */
export type SpanEvent = "new" | "enter" | "exit" | "close" | "active" | "full";

/** How long a span was entered, and how long it was not, in milliseconds; until `since`. */
interface Times {
  busy: number;
  idle: number;
  since: number;
  depth: number;
}

/**
 * The same output, which gets an event for each of these moments too; the one for `close` says how long the span was
 * `time.busy` and `time.idle`. Without a clock (`timing: false`) it does not.
 */
export function spanEvents(
  output: Layer | Filtered,
  events: SpanEvent | readonly SpanEvent[] = "close",
  { timing = true }: { readonly timing?: boolean } = {},
): Layer | Filtered {
  if ("layer" in output) return { ...output, layer: spanEvents(output.layer, events, { timing }) as Layer };
  const names = new Set([events].flat().flatMap((event) => aliases[event] ?? [event]));
  const timesOf = Symbol("times");
  const made = new WeakMap<Metadata, Metadata>();
  const tell = (id: SpanId, name: string, context: Context, values: readonly unknown[] = []): void => {
    const span = names.has(name) ? context.span(id) : undefined;
    if (span === undefined) return;
    let metadata = made.get(span.metadata);
    if (metadata === undefined) made.set(span.metadata, (metadata = eventOf(span.metadata)));
    const { decision } = span;
    const event: Event = { metadata, values: [name, ...values], parent: { kind: "explicit", id }, decision };
    output.onEvent?.(event, context);
  };
  const step = (id: SpanId, by: number, context: Context): void => {
    const times = context.span(id)?.extensions.get(timesOf) as Times | undefined;
    if (times === undefined) return;
    const now = present();
    times[times.depth > 0 ? "busy" : "idle"] += now - times.since;
    times.since = now;
    times.depth += by;
  };
  return {
    ...bound(output),
    onNewSpan(attributes, id, context) {
      context.span(id)?.extensions.set(timesOf, { busy: 0, idle: 0, since: present(), depth: 0 } satisfies Times);
      output.onNewSpan?.(attributes, id, context);
      tell(id, "new", context);
    },
    onEnter(id, context) {
      step(id, 1, context);
      output.onEnter?.(id, context);
      tell(id, "enter", context);
    },
    onExit(id, context) {
      step(id, -1, context);
      output.onExit?.(id, context);
      tell(id, "exit", context);
    },
    onClose(id, context) {
      step(id, 0, context);
      const { busy, idle } = (context.span(id)?.extensions.get(timesOf) ?? {}) as Partial<Times>;
      const times = timing && busy !== undefined && idle !== undefined ? [busy, idle] : [];
      tell(id, "close", context, times.map((time) => display(durationText(time)))); // prettier-ignore
      output.onClose?.(id, context);
    },
  };
}

const aliases: Readonly<Record<string, readonly string[]>> = {
  active: ["enter", "exit"],
  full: ["new", "enter", "exit", "close"],
};

/** The methods of a layer, also of one that is an instance of a class. */
function bound(layer: Layer): Layer {
  const methods = ["onLayer", "onRegisterDispatch", "registerCallsite", "enabled", "maxLevelHint", "eventEnabled", "onRecord", "onFollowsFrom", "onEvent", "get"] as const; // prettier-ignore
  return Object.fromEntries(methods.flatMap((name) => (layer[name] ? [[name, layer[name].bind(layer)]] : []))) as Layer;
}

function eventOf(span: Metadata): Metadata {
  const fields = ["time.busy", "time.idle"];
  return { ...span, kind: "event", message: undefined, fields, layout: ["message", ...fields] };
}

function present(): number {
  return host.performance?.now() ?? Date.now();
}
