/** What a subscriber is handed: the values of one event or new span, beside their static metadata. */
import type { Metadata } from "./metadata.ts";
import type { Parent } from "./parent.ts";
import type { Decision } from "./subscriber.ts";
import { isError, isSet } from "./field.ts";
import { shown, thrown } from "./value.ts";

/** One event. The values are aligned with `metadata.layout`; read them with `visitFields` and `messageOf`. */
export interface Event {
  readonly metadata: Metadata;
  readonly values: readonly unknown[];
  readonly parent: Parent;
  /** What the subscriber's own `enabled` answered for it; `true` if it was not asked. */
  readonly decision: Decision;
}

/** The fields and parent of a new span. */
export type Attributes = Event;

/**
 * Calls `visitor` for each field that has a value, in order, without the message. Open sets are expanded, the
 * last write of a name winning. Never throws what a field's getter throws: the value is then a marker.
 */
export function visitFields(
  event: Pick<Event, "metadata" | "values">,
  visitor: (name: string, value: unknown) => void,
): void {
  const { layout, kind, message } = event.metadata;
  const open = layout.includes("...") ? new Map<string, unknown>() : undefined;
  const visit = open ? (name: string, value: unknown) => void open.set(name, value) : visitor;
  for (let i = 0; i < layout.length; i++) {
    const name = layout[i]!;
    const value = event.values[i];
    if (name === "...") openSet(event, value, visit);
    else if (isSet(value) && name !== "^" && (name !== "message" || kind === "span")) visit(name, value);
  }
  // an open set's own `message` is the message if there is no other, and a field if there is
  if (kind === "event" && message === undefined && !layout.includes("message")) open?.delete("message");
  open?.forEach((value, name) => visitor(name, value));
}

/** The message: the static text with the fields filled in, else the dynamic one, else `undefined`. Not escaped. */
export function messageOf(event: Event): string | undefined {
  const { layout, message } = event.metadata;
  if (message !== undefined) {
    // only an open set has fields that are not in the layout
    const open = layout.includes("...") ? new Map<string, unknown>() : undefined;
    if (open) visitFields(event, (name, value) => open.set(name, value));
    return substitute(message, (name) => (open ? open.get(name) : event.values[layout.indexOf(name)]), event);
  }
  let found: unknown;
  let fallback: unknown;
  layout.forEach((name, i) => {
    const value = event.values[i];
    if (name === "message") fallback = found = value;
    else if (name === "..." && !layout.includes("message")) {
      fallback = openSet(event, value, (key, value) => {
        if (key === "message") found = value;
      });
    }
  });
  found ??= fallback;
  return isSet(found) ? shown(event, "message", found) : undefined;
}

/** A message with each `{name}` that has a value replaced by it; `{{` and `}}` are literal braces. */
export function substitute(text: string, valueOf: (name: string) => unknown, event: Pick<Event, "metadata">): string {
  return text.replace(/\{\{|\}\}|\{([^{}]+)\}/g, (whole: string, name: string | undefined) => {
    if (name === undefined) return whole[0]!;
    const value = valueOf(name);
    return isSet(value) ? shown(event, name, value) : whole;
  });
}

/** Visits what an open set holds, and answers the message it stands for by itself: an Error's, or a mere value. */
function openSet(
  event: Pick<Event, "metadata">,
  set: unknown,
  visitor: (name: string, value: unknown) => void,
): unknown {
  if (typeof set !== "object" || set === null) return set ?? undefined;
  try {
    if (isError(set)) {
      visitor("error", set);
      return set.message || set.name;
    }
    for (const name of Object.keys(set)) {
      let value: unknown;
      try {
        value = (set as Record<string, unknown>)[name];
      } catch (error) {
        value = thrown(event, name, error);
      }
      if (isSet(value)) visitor(name, value);
    }
  } catch (error) {
    visitor("...", thrown(event, "...", error));
  }
  return undefined;
}
