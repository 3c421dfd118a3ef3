/** Which events one template serves: those of a callsite, or if their keys are known only when they come, those with these. */
import type { Event } from "../event.ts";
import type { Line } from "../line.ts";
import type { Metadata } from "../metadata.ts";
import type { Context } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { Form } from "./json-parts.ts";
import type { SpanLines } from "./span-lines.ts";
import type { Writes } from "./template.ts";
import { messageOf, visitFields } from "../event.ts";
import { dynamic } from "./json-parts.ts";
import { addMessage, mayHaveMessage } from "./message.ts";

/** The form of all events of a callsite; `undefined` for one with an open set, or with a name twice. */
export function formOf(metadata: Metadata, spans: SpanLines): Form | undefined {
  const { layout } = metadata;
  if (layout.includes("...") || new Set(layout).size < layout.length) return undefined;
  const fields = layout.flatMap((name, at) => (name === "^" || name === "message" ? [] : [{ name, at }]));
  const message: Form["message"] = (to, label) => addMessage(to, metadata, label, true);
  return { metadata, fields, message: mayHaveMessage(metadata) ? message : undefined, spans };
}

/** The sets of names of one callsite that are remembered; then it begins anew. */
const most = 100;

/** Writes events of one callsite by a template for each set of names that have a value. */
export class FormPerEvent implements Writes {
  readonly templateOf: (form: Form) => Writes;
  readonly spans: SpanLines;
  templates: Map<string, Writes> = new Map();

  constructor(spans: SpanLines, templateOf: (form: Form) => Writes) {
    this.templateOf = templateOf;
    this.spans = spans;
  }

  write(line: Line, event: Event, context: Context, span: SpanData | undefined): void {
    const { metadata, parent, decision } = event;
    const fields = new Map<string, unknown>();
    visitFields(event, (name, value) => fields.set(name, value));
    const message = messageOf(event);
    const names = [...fields.keys()];
    const key = JSON.stringify([message === undefined, ...names]);
    let template = this.templates.get(key);
    if (template === undefined) {
      if (this.templates.size >= most) this.templates.clear();
      const whole = dynamic((line, { values }) => {
        line.quoted(values[names.length] as string);
        return true;
      });
      template = this.templateOf({
        metadata,
        fields: names.map((name, at) => ({ name, at })),
        message: message === undefined ? undefined : whole,
        spans: this.spans,
      });
      this.templates.set(key, template);
    }
    template.write(line, { metadata, values: [...fields.values(), message], parent, decision }, context, span);
  }
}
