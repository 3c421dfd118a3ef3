/** pino both ways: its lines as our events, and our events to its logger. */
import type { Level } from "../level.ts";
import type { Layer } from "../subscriber/layer.ts";
import { messageOf, visitFields } from "../event.ts";
import { emitter } from "./emitter.ts";

/** A destination for pino: `pino(options, fromPino())`. The target is the logger's `name`, or the given one. */
export function fromPino({ target = "pino" }: { readonly target?: string | undefined } = {}): {
  write(line: string): void;
} {
  return {
    write(line) {
      for (const one of line.split("\n")) {
        if (one === "") continue;
        try {
          const { level, time: _t, pid: _p, hostname: _h, name, msg, ...fields } = JSON.parse(one) as Record<string, unknown>; // prettier-ignore
          emitter(typeof name === "string" ? name : target)(levelOf(level), msg, fields);
        } catch {
          // not pino's JSON: the line as it is
          emitter(target)(3, one);
        }
      }
    },
  };
}

/** pino's number, or its label, as a level. */
function levelOf(level: unknown): Level {
  const labels: Readonly<Record<string, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };
  const number = typeof level === "number" ? level : (labels[String(level)] ?? 30);
  return number >= 50 ? 1 : number >= 40 ? 2 : number >= 30 ? 3 : number >= 20 ? 4 : 5;
}

/** The parts of a pino logger (and of those like it) that are used. */
export type LoggerLike = Readonly<Record<"error" | "warn" | "info" | "debug" | "trace", (fields: object, message?: string) => void>>; // prettier-ignore

const methods = { 1: "error", 2: "warn", 3: "info", 4: "debug", 5: "trace" } as const;

/** A layer that hands events to a pino logger: fields, `target`, `spans` (root to leaf), and the error as `err`. */
export function toPino(logger: LoggerLike): Layer {
  return {
    onEvent(event, context) {
      const fields: Record<string, unknown> = { target: event.metadata.target };
      visitFields(event, (name, value) => {
        fields[name === "error" && value instanceof Error ? "err" : name] = value;
      });
      const spans = context.eventScope(event).toReversed();
      if (spans.length > 0) fields.spans = spans.map((span) => ({ name: span.metadata.name, ...Object.fromEntries(span.values) })); // prettier-ignore
      logger[methods[event.metadata.level]](fields, messageOf(event));
    },
  };
}
