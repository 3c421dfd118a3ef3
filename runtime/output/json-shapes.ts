/** The shapes that other people's tools read: pino's, Elastic's Common Schema, OpenTelemetry's log data model. */
import type { Event } from "../event.ts";
import type { Line } from "../line.ts";
import type { Level } from "../level.ts";
import type { JsonShape } from "./json.ts";
import type { Form, Part } from "./json-parts.ts";
import { isError, isSet } from "../field.ts";
import { levelName } from "../level.ts";
import { builtin, host } from "../platform.ts";
import { state } from "../state.ts";
import { jsonOf, quote, writeValue } from "../value.ts";
import { constant, dynamic, eachField, ofSpan, orElse, spanListPart, timePart } from "./json-parts.ts";
import { shapeOf } from "./json-shape.ts";

/** pino's numbers of the levels. */
export const pinoLevels: Readonly<Record<Level, number>> = { 1: 50, 2: 40, 3: 30, 4: 20, 5: 10 };

/**
 * Lines that `pino-pretty` and pino's transports read: `level`, `time`, `pid`, `hostname`, `name` (the target), the
 * fields, `spans` inside of spans, `msg`. The field `error` is named `err`, as pino does, and has pino's `type`.
 */
export function pinoShape({ now = Date.now }: { readonly now?: () => number } = {}): JsonShape {
  const pid = builtin<{ pid: number }>("process")?.pid;
  const hostname = builtin<{ hostname(): string }>("os")?.hostname();
  return shapeOf((form, put) => {
    const { metadata, message } = form;
    put("level", constant(`${pinoLevels[metadata.level]}`));
    put(
      "time",
      writing((line) => line.number(now())),
    );
    if (pid !== undefined) put("pid", constant(`${pid}`));
    if (hostname !== undefined) put("hostname", constant(quote(hostname)));
    put("name", constant(quote(metadata.target)));
    for (const { name, at } of form.fields) {
      // only errors are named err, and only when they come is it known that they are
      if (name === "error") put("err", pinoField(name, at, true));
      put(name, pinoField(name, at, name === "error" ? false : undefined));
    }
    put("spans", spanListPart(form));
    if (message) put("msg", message);
  });
}

/** A field, if it is an error or if it is none; or whatever it is. */
function pinoField(name: string, at: number, wanted: boolean | undefined): Part {
  return dynamic(
    (line, event) => {
      const value = event.values[at];
      if (!isSet(value)) return false;
      const error = typeof value === "object" ? errorOf(name, value) : undefined;
      if (wanted !== undefined && wanted !== (error !== undefined)) return false;
      // an error of ours has no type, and pino-pretty shows the stack of those that have
      if (error) line.raw(`{"type":${quote(error.name)},${jsonOf(event, name, value).slice(1)}`);
      else writeValue(line, event, name, value, true);
      return true;
    },
    wanted === undefined ? at : -1,
  );
}

/** Elastic's Common Schema; fields of your own are `labels`, an error is `error.type`, `error.message` and so on. */
export function ecsShape({ timer }: { readonly timer?: () => string } = {}): JsonShape {
  const time = timePart(timer)!;
  return shapeOf((form, put) => {
    const { metadata, message } = form;
    put("@timestamp", time);
    put("log.level", constant(`"${levelName(metadata.level).toLowerCase()}"`));
    put("message", orElse(message, quote(metadata.name)));
    put("ecs.version", constant('"8.11.0"'));
    put("log.logger", constant(quote(metadata.target)));
    if (metadata.file !== undefined) {
      put("log.origin.file.name", constant(quote(metadata.file)));
      put("log.origin.file.line", constant(`${metadata.line ?? null}`));
    }
    put(
      "error.type",
      ofError(form, ({ name }) => name),
    );
    put(
      "error.message",
      ofError(form, ({ message }) => message),
    );
    put(
      "error.stack_trace",
      ofError(form, ({ stack }) => stack),
    );
    put(
      "labels",
      dynamic((line, event) => writeLabels(line, form, event)),
    );
    put(
      "span.name",
      ofSpan((line, span) => line.quoted(span.metadata.name)),
    );
    put("spans", spanListPart(form));
  });
}

const severities: Readonly<Record<Level, number>> = { 1: 17, 2: 13, 3: 9, 4: 5, 5: 1 };

/** OpenTelemetry's log data model; nanoseconds are text, because JSON numbers do not hold them. */
export function otelShape({ now = wall }: { readonly now?: () => bigint } = {}): JsonShape {
  return shapeOf((form, put) => {
    const { metadata, message } = form;
    put(
      "Timestamp",
      writing((line) => line.raw(`"${now()}"`)),
    );
    put("SeverityText", constant(`"${levelName(metadata.level)}"`));
    put("SeverityNumber", constant(`${severities[metadata.level]}`));
    put("Body", orElse(message, "null"));
    put("InstrumentationScope", constant(`{"Name":${quote(metadata.target)}}`));
    put(
      "Attributes",
      dynamic((line, event) => writeObject(line, event, attributesOf(form, event))),
    );
    put("Spans", spanListPart(form));
  });
}

function attributesOf(form: Form, event: Event): ReadonlyMap<string, unknown> {
  const attributes = new Map<string, unknown>();
  const { file, line } = form.metadata;
  if (file !== undefined) attributes.set("code.file.path", file).set("code.line.number", line);
  eachField(form, event, (name, value) => {
    const error = errorOf(name, value);
    if (error === undefined || attributes.has("exception.type")) attributes.set(name, value);
    else {
      attributes.set("exception.type", error.name).set("exception.message", error.message);
      attributes.set("exception.stacktrace", error.stack);
    }
  });
  return attributes;
}

function wall(): bigint {
  const micros = Math.floor(((host.performance?.timeOrigin ?? Date.now()) + (host.performance?.now() ?? 0)) * 1000);
  return BigInt(micros) * 1000n;
}

/** Something that is there in each line. */
function writing(write: (line: Line) => void): Part {
  return (to, label) => {
    to.item(label).value((line) => {
      write(line);
      return true;
    });
  };
}

/** A text of the first error of an event. */
function ofError(form: Form, text: (error: ErrorTexts) => string | undefined): Part {
  return dynamic((line, event) => {
    const error = firstError(form, event);
    const found = error && text(error[1]);
    if (found !== undefined) line.quoted(found);
    return found !== undefined;
  });
}

/** All fields but the first error; none if that was all. */
function writeLabels(line: Line, form: Form, event: Event): boolean {
  const labels = new Map<string, unknown>();
  eachField(form, event, (name, value) => labels.set(name, value));
  const error = firstError(form, event);
  if (error) labels.delete(error[0]);
  return labels.size > 0 && writeObject(line, event, labels);
}

function writeObject(line: Line, place: Event, values: ReadonlyMap<string, unknown>): true {
  let separator = 0x7b;
  for (const [name, value] of values) {
    line.byte(separator);
    line.quoted(name);
    line.byte(0x3a);
    writeValue(line, place, name, value, true);
    separator = 0x2c;
  }
  if (separator === 0x7b) line.byte(separator);
  line.byte(0x7d);
  return true;
}

function firstError({ fields }: Form, event: Event): readonly [field: string, texts: ErrorTexts] | undefined {
  for (const { name, at } of fields) {
    const error = errorOf(name, event.values[at]);
    if (error) return [name, error];
  }
  return undefined;
}

interface ErrorTexts {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** The texts of an error, whatever its getters do. */
function errorOf(field: string, value: unknown): ErrorTexts | undefined {
  try {
    if (!isError(value) || state.redacts?.(field)) return undefined;
    const { name, message, stack } = value;
    return { name: String(name), message: String(message), stack: typeof stack === "string" ? stack : undefined };
  } catch {
    return undefined;
  }
}
