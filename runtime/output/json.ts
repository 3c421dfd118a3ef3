/** One JSON object per line, in the shape of Rust's `fmt::json` or another, values kept as values. */
import type { Event } from "../event.ts";
import type { Line } from "../line.ts";
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { Form, Parts } from "./json-parts.ts";
import type { OutputOptions } from "./options.ts";
import type { Writes } from "./template.ts";
import { levelName } from "../level.ts";
import { threadId as ownThreadId } from "../usdt/node.ts";
import { quote } from "../value.ts";
import { FormPerEvent, formOf } from "./form.ts";
import * as parts from "./json-parts.ts";
import { partsOf, ShapedPerEvent } from "./json-shape.ts";
import { lineLayer } from "./line-layer.ts";
import { TemplateBuilder } from "./template.ts";

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
  /** Another set of keys: `pinoShape()`, `ecsShape()`, `otelShape()` or your own, which is called for each event. */
  readonly shape?: JsonShape | undefined;
}

/**
 * A layer that writes `{"timestamp","level","fields":{"message",…},"target","file","line","span","spans"}` per event.
 * `span` and `spans` (root to leaf) are there inside a span only. No key is ever written twice: a field `message`
 * beside a message, or a span's field `name`, becomes `field.message`, `field.name`.
 */
export function json(options: JsonOptions = {}): Layer | Filtered {
  const { keys, order = [], shape } = options;
  const fill = shape ? partsOf(shape) : rustParts(options);
  const spans = parts.jsonSpans();
  const rank = ([key]: readonly [string, unknown]): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const sorted = <T>(entries: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
    order.length > 0 ? [...entries].sort((a, b) => rank(a) - rank(b)) : [...entries];
  const templateOf = (entries: ReadonlyMap<string, parts.Part>, line: Line, inSpan: boolean): Writes => {
    const to = new TemplateBuilder(line, inSpan).add("{").sequence(",");
    parts.addEntries(to, sorted(entries));
    return to.add("}\n").build();
  };
  return lineLayer(
    options,
    (metadata, line, inSpan) => {
      if (fill === undefined) return new ShapedPerEvent(shape!, keys, sorted);
      const named = (form: Form) => parts.namedEntries<parts.Part>((put) => fill(form, put), keys);
      const form = formOf(metadata, spans);
      const made = form && named(form);
      return made && !made.collide
        ? templateOf(made.entries, line, inSpan)
        : new FormPerEvent(spans, (form) => templateOf(named(form).entries, line, inSpan));
    },
    spans,
  );
}

function rustParts({
  timer,
  target = true,
  flatten,
  currentSpan = true,
  spanList = true,
  threadId,
}: JsonOptions): Parts {
  const time = parts.timePart(timer);
  return (form, put) => {
    const { metadata, message } = form;
    const putMessage = (put: parts.PutPart): void => void (message && put("message", message));
    if (time) put("timestamp", time);
    put("level", parts.constant(`"${levelName(metadata.level)}"`));
    if (flatten) putMessage(put);
    else {
      const fields = parts.object((put) => {
        putMessage(put);
        parts.putFields(form, put);
      });
      put("fields", fields);
    }
    if (target) put("target", parts.constant(quote(metadata.target)));
    if (metadata.file !== undefined) {
      put("file", parts.constant(quote(metadata.file)));
      put("line", parts.constant(`${metadata.line ?? null}`));
    }
    if (currentSpan) put("span", parts.spanPart(form));
    if (spanList) put("spans", parts.spanListPart(form));
    if (threadId) put("threadId", parts.constant(`${ownThreadId()}`));
    if (flatten) parts.putFields(form, put);
  };
}
