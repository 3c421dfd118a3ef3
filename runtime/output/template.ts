/** What all lines of one callsite in one output have in common, encoded once, and between it what writes the rest. */
import type { Event } from "../event.ts";
import type { Encoded, Line } from "../line.ts";
import type { Context } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";

/**
 * Writes what differs from event to event; false, and what it wrote does not count, if there is nothing. `span` is the
 * one that the event belongs to.
 */
export type Write = (line: Line, event: Event, context: Context, span: SpanData | undefined) => boolean;

/** Writes the lines of one callsite, of those inside of spans or those outside. */
export interface Writes {
  write(line: Line, event: Event, context: Context, span: SpanData | undefined): void;
}

/** Text that is always the same, and what stands behind it. */
export interface Piece {
  readonly before: Encoded;
  /** The bytes of `before` that stay where `write` has nothing. */
  readonly keep: number;
  /** Whether a sequence begins behind those. */
  readonly begins: boolean;
  /** The code of the separator to be written first, unless the sequence is still empty; 0 if `before` holds it. */
  readonly separator: number;
  /** Where the value is that `write` is about; a string, a finite number or a boolean may be written without it. */
  readonly at: number;
  readonly write: Write | undefined;
}

/** Lines made of pieces. */
export class Template implements Writes {
  readonly pieces: readonly Piece[];

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  write(line: Line, event: Event, context: Context, span: SpanData | undefined): void {
    let beginning = -1;
    for (const { before, keep, begins, separator, write } of this.pieces) {
      const from = line.at;
      if (separator !== 0 && from !== beginning) line.byte(separator);
      line.put(before);
      if (begins) beginning = from + keep;
      if (write !== undefined && !write(line, event, context, span)) line.reset(from + keep);
    }
  }
}

/** Puts a template together, in order. Where it is known that something is always there, no separator is left open. */
export class TemplateBuilder {
  readonly line: Line;
  /** Whether the events are inside of a span. */
  readonly inSpan: boolean;
  readonly pieces: Piece[] = [];
  text = "";
  separator = "";
  /** What the sequence has for certain: nothing, perhaps something, something. */
  has: "nothing" | "perhaps" | "something" = "nothing";

  /** For lines of one kind. */
  constructor(line: Line, inSpan: boolean) {
    this.line = line;
    this.inSpan = inSpan;
  }

  /** Text that is always there. */
  add(text: string): this {
    this.text += text;
    return this;
  }

  /** Something that is always there, or nothing that needs a separator. */
  value(write: Write): this {
    this.push(this.text, this.text, write);
    return this;
  }

  /** From here on items are separated. */
  sequence(separator: string): this {
    this.separator = separator;
    this.has = "nothing";
    return this;
  }

  /** Goes on with a sequence that has something already. */
  resume(separator: string): this {
    this.separator = separator;
    this.has = "something";
    return this;
  }

  /** An item that is always there; more of it may be added. */
  item(text: string): this {
    if (this.has === "perhaps") this.push("", "", undefined, -1, this.separator);
    this.text += (this.has === "something" ? this.separator : "") + text;
    this.has = "something";
    return this;
  }

  /** An item that is there if `write` has something, or if there is a string, a finite number or a boolean among the values at `at`. */
  maybe(label: string, write: Write, at = -1): this {
    const { text, separator, has } = this;
    if (has === "something") this.push(text, text + separator + label, write, at);
    else if (has === "perhaps") this.push("", label, write, at, separator);
    else {
      this.push(text, text + label, write, at, "", true);
      this.has = "perhaps";
    }
    return this;
  }

  build(): Writes {
    if (this.text !== "") this.push(this.text, this.text);
    return this.line.template?.(this.pieces) ?? new Template(this.pieces);
  }

  private push(kept: string, text: string, write?: Write, at = -1, separator = "", begins = false): void {
    const { line } = this;
    const from = line.at;
    line.raw(kept);
    const keep = line.at - from;
    line.reset(from);
    this.pieces.push({ before: line.encode(text), keep, begins, separator: separator.charCodeAt(0) || 0, at, write });
    this.text = "";
  }
}
