/** Shapes: ours are parts of templates, other people's are functions that are called for each event. */
import type { Event } from "../event.ts";
import type { Line } from "../line.ts";
import type { Context } from "../subscriber/layer.ts";
import type { JsonShape } from "./json.ts";
import type { Parts } from "./json-parts.ts";
import type { Writes } from "./template.ts";
import { messageOf, visitFields } from "../event.ts";
import { textBy, textLine } from "../line.ts";
import { dynamic, jsonSpans, namedEntries } from "./json-parts.ts";
import { TemplateBuilder } from "./template.ts";

const own: unique symbol = /*#__PURE__*/ Symbol.for("dtracing.parts");

/** The parts of a shape of ours. */
export function partsOf(shape: JsonShape): Parts | undefined {
  return (shape as { readonly [own]?: Parts })[own];
}

/** A shape of ours; as a function it serves shapes of other people that begin with it. */
export function shapeOf(parts: Parts): JsonShape {
  const shape: JsonShape = ({ event, message, fields, spans }, put) => {
    const whole = dynamic((line) => {
      line.quoted(message!);
      return true;
    });
    const form = {
      metadata: event.metadata,
      fields: [...fields.keys()].map((name, at) => ({ name, at })),
      message: message === undefined ? undefined : whole,
      spans: jsonSpans(),
    };
    const values = [...fields.values()];
    const context: Pick<Context, "outer"> = { outer: (span) => spans[spans.indexOf(span) + 1] };
    parts(form, (key, part) => {
      const to = new TemplateBuilder(textLine, spans.length > 0);
      part(to, "");
      const json = textBy((line) => to.build().write(line, { ...event, values }, context as Context, spans[0]));
      if (json !== "") put(key, json);
    });
  };
  return Object.assign(shape, { [own]: parts });
}

/** Writes lines in the shape of somebody else. */
export class ShapedPerEvent implements Writes {
  readonly shape: JsonShape;
  readonly keys: Readonly<Record<string, string | false>> | undefined;
  readonly sorted: (entries: ReadonlyMap<string, string>) => readonly (readonly [string, string])[];

  constructor(shape: JsonShape, keys: ShapedPerEvent["keys"], sorted: ShapedPerEvent["sorted"]) {
    this.shape = shape;
    this.keys = keys;
    this.sorted = sorted;
  }

  write(line: Line, event: Event, context: Context): void {
    const fields = new Map<string, unknown>();
    visitFields(event, (name, value) => fields.set(name, value));
    const record = { event, message: messageOf(event), fields, spans: context.eventScope(event) };
    const { entries } = namedEntries<string>((put) => this.shape(record, put), this.keys);
    let separator = "{";
    for (const [key, json] of this.sorted(entries)) {
      line.raw(separator);
      line.key(key);
      line.escaped(json);
      separator = ",";
    }
    line.raw(separator === "{" ? "{}\n" : "}\n");
  }
}
