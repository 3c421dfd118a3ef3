/** Human-readable lines in Rust's full format: `TIME LEVEL span{field=value}: target: message field=value`. */
import type { Event } from "../event.ts";
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { Paint } from "./ansi.ts";
import type { OutputOptions } from "./options.ts";
import { messageOf, visitFields } from "../event.ts";
import { levelName } from "../level.ts";
import { escape, quote, sourcesOf, textOf } from "../value.ts";
import { BOLD, DIM, ITALIC, levelColor, painter, wantsColor } from "./ansi.ts";
import { clock } from "./timestamp.ts";
import { writerOf } from "./writer.ts";

/** Options of the text output. */
export interface TextOptions extends OutputOptions {
  /** Colours. Default: on a terminal, unless NO_COLOR is set or a `writer` is given; FORCE_COLOR turns it on. */
  readonly ansi?: boolean | undefined;
}

/** A layer that writes one line of text per event. Nothing a value holds can start a second line. */
export function text(options: TextOptions = {}): Layer | Filtered {
  const { filter, timer = clock(), target = true, ansi = options.writer === undefined && wantsColor() } = options;
  const write = writerOf(options.writer);
  const paint = painter(ansi);
  // formatted fields of a span, until one is recorded; per output, because another may paint them
  const cache = new WeakMap<SpanData, string>();
  const spanText = (span: SpanData): string => {
    let text = cache.get(span);
    if (text === undefined) cache.set(span, (text = formatSpan(span, paint)));
    return text;
  };
  const layer: Layer = {
    onRecord(id, _, context) {
      cache.delete(context.span(id)!);
    },
    onEvent(event, context) {
      const { metadata } = event;
      let line = timer ? `${paint(DIM, timer())} ` : "";
      line += `${paint(levelColor[metadata.level], levelName(metadata.level).padStart(5))} `;
      const scope = context.eventScope(event);
      for (let i = scope.length - 1; i >= 0; i--) line += spanText(scope[i]!) + paint(DIM, ":");
      if (scope.length > 0) line += " ";
      if (target) line += `${paint(DIM, `${escape(metadata.target)}:`)} `;
      write(`${line}${formatEvent(event, paint)}\n`, metadata);
    },
  };
  return filter ? { layer, filter } : layer;
}

function formatSpan(span: SpanData, paint: Paint): string {
  const fields: string[] = [];
  span.values.forEach((value, name) => fields.push(formatField(span, name, value, paint)));
  const name = paint(BOLD, escape(span.metadata.name));
  return fields.length === 0 ? name : `${name}${paint(BOLD, "{")}${fields.join(" ")}${paint(BOLD, "}")}`;
}

function formatEvent(event: Event, paint: Paint): string {
  const message = messageOf(event);
  const parts = message === undefined ? [] : [escape(message)];
  visitFields(event, (name, value) => parts.push(formatField(event, name, value, paint)));
  return parts.join(" ");
}

function formatField(place: Pick<Event, "metadata">, name: string, value: unknown, paint: Paint): string {
  // only an open set can have such a name; unquoted it could pass for another field
  const label = /[\s"={}]/.test(name) ? quote(name) : escape(name);
  const pair = (label: string, text: string): string => paint(ITALIC, label) + paint(DIM, "=") + text;
  const sources = sourcesOf(value);
  const text = pair(label, textOf(place, name, value));
  return sources.length === 0 ? text : `${text} ${pair(`${label}.sources`, `[${sources.join(", ")}]`)}`;
}
