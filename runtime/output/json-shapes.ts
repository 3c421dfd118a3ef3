/** The shapes that other people's tools read: pino's, Elastic's Common Schema, OpenTelemetry's log data model. */
import type { Level } from "../level.ts";
import type { JsonShape } from "./json.ts";
import { isError } from "../field.ts";
import { levelName } from "../level.ts";
import { builtin, host } from "../platform.ts";
import { state } from "../state.ts";
import { jsonOf, quote } from "../value.ts";
import { jsonObject, jsonSpan } from "./json.ts";
import { clock } from "./timestamp.ts";

/** pino's numbers of the levels. */
export const pinoLevels: Readonly<Record<Level, number>> = { 1: 50, 2: 40, 3: 30, 4: 20, 5: 10 };

/**
 * Lines that `pino-pretty` and pino's transports read: `level`, `time`, `pid`, `hostname`, `name` (the target), the
 * fields, `spans` inside of spans, `msg`. The field `error` is named `err`, as pino does, and has pino's `type`.
 */
export function pinoShape({ now = Date.now }: { readonly now?: () => number } = {}): JsonShape {
  const pid = builtin<{ pid: number }>("process")?.pid;
  const hostname = builtin<{ hostname(): string }>("os")?.hostname();
  return ({ event, message, fields, spans }, put) => {
    const { metadata } = event;
    put("level", `${pinoLevels[metadata.level]}`);
    put("time", `${now()}`);
    if (pid !== undefined) put("pid", `${pid}`);
    if (hostname !== undefined) put("hostname", quote(hostname));
    put("name", quote(metadata.target));
    fields.forEach((value, name) => {
      const json = jsonOf(event, name, value);
      const error = errorOf(name, value);
      // an error of ours has no type, and pino-pretty shows the stack of those that have
      put(error && name === "error" ? "err" : name, error ? `{"type":${quote(error.name)},${json.slice(1)}` : json);
    });
    if (spans.length > 0) put("spans", `[${spans.map(jsonSpan).toReversed().join(",")}]`);
    if (message !== undefined) put("msg", quote(message));
  };
}

/** Elastic's Common Schema; fields of your own are `labels`, an error is `error.type`, `error.message` and so on. */
export function ecsShape({ timer = clock() }: { readonly timer?: () => string } = {}): JsonShape {
  return ({ event, message, fields, spans }, put) => {
    const { metadata } = event;
    put("@timestamp", quote(timer()));
    put("log.level", `"${levelName(metadata.level).toLowerCase()}"`);
    put("message", quote(message ?? metadata.name));
    put("ecs.version", '"8.11.0"');
    put("log.logger", quote(metadata.target));
    if (metadata.file !== undefined) {
      put("log.origin.file.name", quote(metadata.file));
      put("log.origin.file.line", `${metadata.line ?? null}`);
    }
    const labels = new Map(fields);
    for (const [name, value] of fields) {
      const error = errorOf(name, value);
      if (error === undefined) continue;
      labels.delete(name);
      put("error.type", quote(error.name));
      put("error.message", quote(error.message));
      if (error.stack !== undefined) put("error.stack_trace", quote(error.stack));
      break;
    }
    if (labels.size > 0) put("labels", jsonObject(event, labels));
    if (spans[0]) put("span.name", quote(spans[0].metadata.name));
    if (spans.length > 0) put("spans", `[${spans.map(jsonSpan).toReversed().join(",")}]`);
  };
}

const severities: Readonly<Record<Level, number>> = { 1: 17, 2: 13, 3: 9, 4: 5, 5: 1 };

/** OpenTelemetry's log data model; nanoseconds are text, because JSON numbers do not hold them. */
export function otelShape({ now = wall }: { readonly now?: () => bigint } = {}): JsonShape {
  return ({ event, message, fields, spans }, put) => {
    const { metadata } = event;
    put("Timestamp", `"${now()}"`);
    put("SeverityText", `"${levelName(metadata.level)}"`);
    put("SeverityNumber", `${severities[metadata.level]}`);
    put("Body", message === undefined ? "null" : quote(message));
    put("InstrumentationScope", `{"Name":${quote(metadata.target)}}`);
    const attributes = new Map<string, unknown>();
    if (metadata.file !== undefined)
      attributes.set("code.file.path", metadata.file).set("code.line.number", metadata.line);
    for (const [name, value] of fields) {
      const error = errorOf(name, value);
      if (error === undefined || attributes.has("exception.type")) attributes.set(name, value);
      else {
        attributes.set("exception.type", error.name).set("exception.message", error.message);
        attributes.set("exception.stacktrace", error.stack);
      }
    }
    put("Attributes", jsonObject(event, attributes));
    if (spans.length > 0) put("Spans", `[${spans.map(jsonSpan).toReversed().join(",")}]`);
  };
}

function wall(): bigint {
  const micros = Math.floor(((host.performance?.timeOrigin ?? Date.now()) + (host.performance?.now() ?? 0)) * 1000);
  return BigInt(micros) * 1000n;
}

/** The texts of an error, whatever its getters do. */
function errorOf(
  field: string,
  value: unknown,
): { readonly name: string; readonly message: string; readonly stack: string | undefined } | undefined {
  try {
    if (!isError(value) || state.redacts?.(field)) return undefined;
    const { name, message, stack } = value;
    return { name: String(name), message: String(message), stack: typeof stack === "string" ? stack : undefined };
  } catch {
    return undefined;
  }
}
