/** Where in the program's spans something happened, as Rust's `SpanTrace`: for errors, beside their stack. */
import type { Layer } from "./layer.ts";
import type { SpanData } from "./span-data.ts";
import { getDefault } from "../dispatcher.ts";
import { visitFields } from "../event.ts";
import { isError } from "../field.ts";
import { textBy } from "../line.ts";
import { painter } from "../output/ansi.ts";
import { writeValues } from "../output/fields.ts";
import { escape } from "../value.ts";

/** One span of a trace, as it was at that moment. */
export interface TracedSpan {
  readonly name: string;
  readonly target: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** `field=value field=value`. */
  readonly fields: string;
}

/** The spans around a moment, leaf to root. */
export interface SpanTrace {
  /** `unsupported` where the subscriber keeps no spans. */
  readonly status: "captured" | "empty" | "unsupported";
  readonly spans: readonly TracedSpan[];
  toString(): string;
}

/** The spans around the running code. */
export function captureSpanTrace(): SpanTrace {
  const { subscriber, isNone } = getDefault();
  if (isNone || !subscriber.currentSpan) return trace("unsupported", []);
  const spans: SpanData[] = [];
  for (let at = subscriber.currentSpan() as SpanData | undefined; at?.values; at = at.parent) spans.push(at);
  return trace(spans.length > 0 ? "captured" : "empty", spans);
}

const traces = /*#__PURE__*/ new WeakMap<object, SpanTrace>();

/** The same error, which now knows its spans; the first trace of an error stays. */
export function traced<E extends object>(error: E, spanTrace: SpanTrace = captureSpanTrace()): E {
  if (!traces.has(error)) traces.set(error, spanTrace);
  return error;
}

/** The trace of an error, or of the innermost of its causes that has one. */
export function spanTraceOf(error: unknown): SpanTrace | undefined {
  let found: SpanTrace | undefined;
  try {
    for (let at = error, i = 0; typeof at === "object" && at !== null && i < 100; at = (at as Error).cause, i++) {
      found = traces.get(at) ?? found;
    }
  } catch {
    // a getter; what was found so far is good
  }
  return found;
}

/** A layer that gives every error in a field of an event its trace, as Rust's `ErrorLayer`. */
export function errorLayer(): Layer {
  return {
    onEvent(event, context) {
      visitFields(event, (_, value) => {
        if (isError(value)) traced(value, trace("captured", context.eventScope(event)));
      });
    },
  };
}

function trace(status: SpanTrace["status"], scope: readonly SpanData[]): SpanTrace {
  const plain = painter(false);
  const spans = scope.map((span): TracedSpan => {
    const { name, target, file, line } = span.metadata;
    return { name, target, file, line, fields: textBy((line) => void writeValues(line, span, plain)) };
  });
  return { status, spans, toString: () => spans.map(lines).join("\n") };
}

function lines({ name, target, file, line, fields }: TracedSpan, i: number): string {
  const parts = [`${String(i).padStart(4)}: ${escape(target)}::${escape(name)}`];
  if (fields !== "") parts.push(`           with ${fields}`);
  if (file !== undefined) parts.push(`             at ${escape(file)}:${line}`);
  return parts.join("\n");
}
