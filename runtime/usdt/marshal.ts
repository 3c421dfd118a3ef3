/** The arguments of one callsite's probes, prepared once: most events are a static message and a few plain values. */
import type { Event } from "../event.ts";
import type { Metadata } from "../metadata.ts";
import type { Argument } from "./argument.ts";
import { messageOf, visitFields } from "../event.ts";
import { isSet } from "../field.ts";
import { jsonOf, quote } from "../value.ts";
import { argumentOf, textOf } from "./argument.ts";

/** What a JSON string cannot hold, or a line of text should not. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const special = /["\\\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/;

export class Marshal {
  readonly metadata: Metadata;
  readonly target: string;
  /** The message, where it is the same for every event. */
  readonly #message: string | undefined;
  readonly #messageAt: number;
  readonly #isOpen: boolean;
  /** Where the named fields are in the values, and how each begins in the JSON. */
  readonly #places: readonly number[];
  readonly #keys: readonly string[];

  constructor(metadata: Metadata) {
    const { layout, fields, message, target } = metadata;
    this.metadata = metadata;
    this.target = textOf(target);
    this.#message = message === undefined || /[{}]/.test(message) ? undefined : textOf(message);
    this.#messageAt = message === undefined ? layout.indexOf("message") : -1;
    this.#isOpen = layout.includes("...");
    this.#places = fields.map((name) => layout.indexOf(name));
    this.#keys = fields.map((name) => `${quote(name)}:`);
  }

  message(event: Event): string {
    if (this.#message !== undefined) return this.#message;
    const given = this.#messageAt < 0 ? undefined : event.values[this.#messageAt];
    return textOf(typeof given === "string" ? given : (messageOf(event) ?? ""));
  }

  /** The value of the field at a place, 0 where there is none. */
  field(event: Event, place: number): Argument {
    const at = this.#places[place];
    if (at === undefined) return 0;
    const value = event.values[at];
    // what is most frequent, first
    if (typeof value === "number" && (value | 0) === value) return value;
    return argumentOf(event, this.metadata.fields[place]!, value);
  }

  /** All fields as one JSON object. */
  json(event: Event): string {
    if (this.#isOpen) return openJson(event);
    let json = "";
    for (let place = 0; place < this.#places.length; place++) {
      const value = event.values[this.#places[place]!];
      if (!isSet(value)) continue;
      json += (json === "" ? "{" : ",") + this.#keys[place]! + this.#valueJson(event, place, value);
    }
    return json === "" ? "{}" : `${json}}`;
  }

  #valueJson(event: Event, place: number, value: unknown): string {
    if (typeof value === "string" && value.length < 200 && !special.test(value)) return `"${value}"`;
    if (typeof value === "number" && (value | 0) === value) return `${value}`;
    if (typeof value === "boolean") return value ? "true" : "false";
    return jsonOf(event, this.metadata.fields[place]!, value);
  }
}

function openJson(event: Event): string {
  let json = "";
  visitFields(event, (name, value) => {
    json += `${json === "" ? "{" : ","}${quote(name)}:${jsonOf(event, name, value)}`;
  });
  return json === "" ? "{}" : `${json}}`;
}
