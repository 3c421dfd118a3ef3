/** A logger with pino's interface: Fastify's `loggerInstance`, and of whatever else wants a pino logger. */
import type { Level } from "../level.ts";
import { formatted } from "./console.ts";
import { emitter } from "./emitter.ts";

type Log = (first: unknown, ...rest: unknown[]) => void;

/** What Fastify asks of a logger. */
export interface PinoLike {
  level: string;
  readonly fatal: Log;
  readonly error: Log;
  readonly warn: Log;
  readonly info: Log;
  readonly debug: Log;
  readonly trace: Log;
  readonly silent: Log;
  child(bindings: object, options?: unknown): PinoLike;
}

/** `Fastify({ loggerInstance: pinoLike({ target: "http" }) })`: its lines are our events, filtered as all others are. */
export function pinoLike({
  target = "fastify",
  bindings = {},
}: { readonly target?: string | undefined; readonly bindings?: object | undefined } = {}): PinoLike {
  const emit = emitter(target);
  const log =
    (level: Level): Log =>
    (first, ...rest) => {
      if (typeof first !== "object" || first === null) return emit(level, formatted([first, ...rest]), bindings);
      const fields = first instanceof Error ? { error: first } : plain(first);
      const text = rest.length > 0 ? formatted(rest) : first instanceof Error ? first.message : undefined;
      emit(level, text, { ...bindings, ...fields });
    };
  return {
    level: "trace",
    fatal: log(1),
    error: log(1),
    warn: log(2),
    info: log(3),
    debug: log(4),
    trace: log(5),
    silent: () => {},
    child: (more) => pinoLike({ target, bindings: { ...bindings, ...more } }),
  };
}

/** Requests and replies hold the whole server; of them what pino's serializers take. */
function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (name === "err") return ["error", value as unknown];
      const { method, url, statusCode } = (value ?? {}) as { method?: unknown; url?: unknown; statusCode?: unknown };
      if (name === "req" && url !== undefined) return [name, { method, url }];
      if (name === "res" && statusCode !== undefined) return [name, { statusCode }];
      return [name, value as unknown];
    }),
  );
}
