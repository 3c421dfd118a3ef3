/** One JSON object per line, in the shape of Rust's `fmt::json`, values kept as values. */
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { OutputOptions } from "./options.ts";
import { messageOf, visitFields } from "../event.ts";
import { levelName } from "../level.ts";
import { jsonOf, quote } from "../value.ts";
import { clock } from "./timestamp.ts";
import { writerOf } from "./writer.ts";

/**
 * A layer that writes `{"timestamp","level","fields":{"message",…},"target","file","line","span","spans"}` per event.
 * `span` and `spans` (root to leaf) are there inside a span only. No key is ever written twice: a field `message`
 * beside a message, or a span's field `name`, becomes `field.message`, `field.name`.
 */
export function json(options: OutputOptions = {}): Layer | Filtered {
  const { filter, timer = clock(), target = true } = options;
  const write = writerOf(options.writer);
  const layer: Layer = {
    onEvent(event, context) {
      const { metadata } = event;
      const values = new Map<string, unknown>();
      visitFields(event, (name, value) => values.set(name, value));
      const message = messageOf(event);
      let line = timer ? `{"timestamp":${quote(timer())},` : "{";
      line += `"level":"${levelName(metadata.level)}","fields":`;
      line += object(event, values, "message", message === undefined ? undefined : quote(message));
      if (target) line += `,"target":${quote(metadata.target)}`;
      if (metadata.file !== undefined) line += `,"file":${quote(metadata.file)},"line":${metadata.line ?? null}`;
      const scope = context.eventScope(event).map(spanObject);
      if (scope.length > 0) line += `,"span":${scope[0]},"spans":[${scope.toReversed().join(",")}]`;
      write(`${line}}\n`, metadata);
    },
  };
  return filter ? { layer, filter } : layer;
}

function spanObject(span: SpanData): string {
  return object(span, span.values, "name", quote(span.metadata.name));
}

/** An object of fields after one key of our own. */
function object(
  place: Pick<SpanData, "metadata">,
  values: ReadonlyMap<string, unknown>,
  first: string,
  text: string | undefined,
): string {
  const parts = text === undefined ? [] : [`"${first}":${text}`];
  values.forEach((value, name) => {
    let key = name;
    if (text !== undefined) while (key === first || (key !== name && values.has(key))) key = `field.${key}`;
    parts.push(`${quote(key)}:${jsonOf(place, name, value)}`);
  });
  return `{${parts.join(",")}}`;
}
