/** Writes the lines of one callsite as bytes, in one loop that knows what most values are. */
import type { Event } from "../../event.ts";
import type { Encoded } from "../../line.ts";
import type { Context } from "../../subscriber/layer.ts";
import type { SpanData } from "../../subscriber/span-data.ts";
import type { Piece, Writes } from "../template.ts";
import type { ByteLine } from "./byte-line.ts";
import { state } from "../../state.ts";
import { digits } from "./digits.ts";

type Words = Exclude<Encoded, string>;

/** In place of values each of which has to be looked at. */
const none: readonly unknown[] = [];

/** Strings up to this length are written here; what has to be escaped is left to the line. */
const short = 20;

/** What a piece may need beside its text: a separator, its last word, a number or a short string. */
const most = 1 + 8 + 32;

/** A piece with the size of its text, which is not here: one object to look at where there were three. */
type Step = Omit<Piece, "before"> & { readonly size: number };

/** As `Template`, for bytes. */
export class ByteTemplate implements Writes {
  readonly steps: readonly Step[];
  /** The texts of all steps, each padded to whole words. */
  readonly words: Float64Array;
  /** The most bytes that are written here and not by the line. */
  readonly size: number;

  constructor(pieces: readonly Piece[]) {
    this.steps = pieces.map(({ before, keep, begins, separator, at, write }) => {
      const { size } = before as Words;
      return { size, keep, begins, separator, at, write };
    });
    this.words = Float64Array.from(pieces.flatMap(({ before }) => wordsOf(before as Words)));
    this.size = this.steps.reduce((sum, { size }) => sum + size + most, 0);
  }

  write(line: ByteLine, event: Event, context: Context, span: SpanData | undefined): void {
    const { steps, words, size } = this;
    const values = state.redacts === undefined ? event.values : none;
    line.reserve(size);
    let { bytes, view, at } = line;
    let beginning = -1;
    let word = 0;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      const from = at;
      if (step.separator !== 0 && from !== beginning) bytes[at++] = step.separator;
      const end = at + step.size;
      for (; at < end; at += 8) view.setFloat64(at, words[word++]!, true);
      at = end;
      if (step.begins) beginning = from + step.keep;
      const value = step.at < 0 ? undefined : values[step.at];
      if (typeof value === "number" && (value | 0) === value && value >= 0) {
        at = digits(view, at, value);
        continue;
      }
      if (typeof value === "string" && value.length < short) {
        const end = quotedShort(bytes, at, value);
        if (end > 0) {
          at = end;
          continue;
        }
      }
      line.at = at;
      if (typeof value === "string") line.quoted(value);
      else if (typeof value === "number" && Number.isFinite(value)) line.number(value);
      else if (typeof value === "boolean") line.boolean(value);
      else if (step.write === undefined) continue;
      else if (!step.write(line, event, context, span)) line.reset(from + step.keep);
      line.reserve(size);
      ({ bytes, view, at } = line);
    }
    line.at = at;
  }
}

function wordsOf({ view, size }: Words): number[] {
  return Array.from({ length: (size + 7) >> 3 }, (_, i) => view.getFloat64(i * 8, true));
}

/** Writes a JSON string of characters that stand for themselves; 0 if there are others. */
function quotedShort(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  bytes[at++] = 0x22;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e || code < 0x20 || code === 0x22 || code === 0x5c) return 0;
    bytes[at++] = code;
  }
  bytes[at++] = 0x22;
  return at;
}
