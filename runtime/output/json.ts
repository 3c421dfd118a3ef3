/** One JSON object per line, in the shape of Rust's `fmt::json` or another, values kept as values. */
import type { Event } from "../event.ts";
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { OutputOptions } from "./options.ts";
import { messageOf, visitFields } from "../event.ts";
import { levelName } from "../level.ts";
import { jsonOf, quote } from "../value.ts";
import { clock } from "./timestamp.ts";
import { writerOf } from "./writer.ts";

/** What a line is made from. Spans are leaf to root. */
export interface JsonRecord {
  readonly event: Event;
  readonly message: string | undefined;
  readonly fields: ReadonlyMap<string, unknown>;
  readonly spans: readonly SpanData[];
}

/** Adds a key and its JSON to the line. A key that is taken becomes `field.` and the key. */
export type Put = (key: string, json: string) => void;

/** The keys of a line: called for each event. */
export type JsonShape = (record: JsonRecord, put: Put) => void;

/** Options of the JSON output. */
export interface JsonOptions extends OutputOptions {
  /** Event fields beside the other keys and not in an object `fields`. Default: false. */
  readonly flatten?: boolean | undefined;
  /** Whether `span`, the innermost one, is there. Default: true. */
  readonly currentSpan?: boolean | undefined;
  /** Whether `spans`, root to leaf, is there. Default: true. */
  readonly spanList?: boolean | undefined;
  /** Other names for keys, or `false` to leave one out: `{ timestamp: "ts", message: "msg", file: false }`. */
  readonly keys?: Readonly<Record<string, string | false>> | undefined;
  /** The keys that come first, by their final names. Default: as they are made. */
  readonly order?: readonly string[] | undefined;
  /** Another set of keys: `pinoShape()`, `ecsShape()`, `otelShape()` or your own. */
  readonly shape?: JsonShape | undefined;
}

/**
 * A layer that writes `{"timestamp","level","fields":{"message",…},"target","file","line","span","spans"}` per event.
 * `span` and `spans` (root to leaf) are there inside a span only. No key is ever written twice: a field `message`
 * beside a message, or a span's field `name`, becomes `field.message`, `field.name`.
 */
export function json(options: JsonOptions = {}): Layer | Filtered {
  const { filter, keys = {}, order = [], shape = rustShape(options) } = options;
  const write = writerOf(options.writer);
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const layer: Layer = {
    onEvent(event, context) {
      const fields = new Map<string, unknown>();
      visitFields(event, (name, value) => fields.set(name, value));
      const line = new Map<string, string>();
      const put: Put = (key, json) => {
        let name = Object.hasOwn(keys, key) ? keys[key]! : key;
        if (name === false) return;
        while (line.has(name)) name = `field.${name}`;
        line.set(name, json);
      };
      shape({ event, message: messageOf(event), fields, spans: context.eventScope(event) }, put);
      const pairs = [...line];
      if (order.length > 0) pairs.sort(([a], [b]) => rank(a) - rank(b));
      write(`{${pairs.map(([key, json]) => `${quote(key)}:${json}`).join(",")}}\n`, event.metadata);
    },
  };
  return filter ? { layer, filter } : layer;
}

function rustShape({
  timer = clock(),
  target = true,
  flatten,
  currentSpan = true,
  spanList = true,
}: JsonOptions): JsonShape {
  return ({ event, message, fields, spans }, put) => {
    const { metadata } = event;
    if (timer) put("timestamp", quote(timer()));
    put("level", `"${levelName(metadata.level)}"`);
    if (!flatten)
      put("fields", jsonObject(event, fields, "message", message === undefined ? undefined : quote(message)));
    else if (message !== undefined) put("message", quote(message));
    if (target) put("target", quote(metadata.target));
    if (metadata.file !== undefined) {
      put("file", quote(metadata.file));
      put("line", `${metadata.line ?? null}`);
    }
    const scope = spans.map(jsonSpan);
    if (currentSpan && scope.length > 0) put("span", scope[0]!);
    if (spanList && scope.length > 0) put("spans", `[${scope.toReversed().join(",")}]`);
    if (flatten) fields.forEach((value, name) => put(name, jsonOf(event, name, value)));
  };
}

/** A span's fields after its name. */
export function jsonSpan(span: SpanData): string {
  return jsonObject(span, span.values, "name", quote(span.metadata.name));
}

/** An object of fields after one key of our own. */
export function jsonObject(
  place: Pick<SpanData, "metadata">,
  values: ReadonlyMap<string, unknown>,
  first = "",
  text?: string,
): string {
  const parts = text === undefined ? [] : [`"${first}":${text}`];
  values.forEach((value, name) => {
    let key = name;
    if (text !== undefined) while (key === first || (key !== name && values.has(key))) key = `field.${key}`;
    parts.push(`${quote(key)}:${jsonOf(place, name, value)}`);
  });
  return `{${parts.join(",")}}`;
}
