/** What an output writes of spans: once for each, and again when something was recorded. */
import type { Encoded, Line } from "../line.ts";
import type { Context } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import { state } from "../state.ts";

/** Writes spans, of which it remembers the bytes. */
export class SpanLines {
  readonly render: (line: Line, span: SpanData) => void;
  /** The code of what is between the spans of a scope; 0 for nothing. */
  readonly separator: number;
  known: WeakMap<SpanData, Encoded> = new WeakMap();
  redacts: typeof state.redacts;

  constructor(render: (line: Line, span: SpanData) => void, separator = 0) {
    this.render = render;
    this.separator = separator;
  }

  write(line: Line, span: SpanData): void {
    if (this.redacts !== state.redacts) {
      this.redacts = state.redacts;
      this.known = new WeakMap();
    }
    const bytes = this.known.get(span);
    if (bytes !== undefined) return line.put(bytes);
    const from = line.at;
    this.render(line, span);
    this.known.set(span, line.copy(from));
  }

  /** Writes a span and those around it, from root to leaf. */
  writeScope(line: Line, span: SpanData, context: Context): void {
    const outer = context.outer(span);
    if (outer) {
      this.writeScope(line, outer, context);
      if (this.separator !== 0) line.byte(this.separator);
    }
    this.write(line, span);
  }

  /** A value was recorded. */
  forget(span: SpanData | undefined): void {
    if (span) this.known.delete(span);
  }
}
