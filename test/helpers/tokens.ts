/** Whether the map of edited text leads every token that no edit touched back to where it was. */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { EditedText } from "../../transformer/apply/text.ts";
import type { Edit } from "../../transformer/index.ts";

export interface Token {
  readonly text: string;
  /** 1-based line, 0-based column, as source maps have them. */
  readonly original: Place;
  readonly generated: Place;
  /** Where the map leads from the generated place. */
  readonly mapped: Place;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A name or number, or any other character that is not a space, whole. */
const token = /[\w$\u{80}-\u{10ffff}]+|[^\s\w$]/gu;

/** Every token of the ranges that no edit touches, with its place before and after, and the place the map gives. */
export function untouchedTokens(code: string, edits: readonly Edit[], edited: EditedText): readonly Token[] {
  const map = new TraceMap(edited.map.toString());
  const placeIn = { original: placesOf(code), generated: placesOf(edited.code) };
  const found: Token[] = [];
  let at = 0;
  let shift = 0;
  for (const edit of [...edits, { start: code.length, end: code.length, text: "" }]) {
    for (const match of code.slice(at, edit.start).matchAll(token)) {
      const [text] = match;
      const start = at + match.index;
      if (!edited.code.startsWith(text, start + shift))
        throw new Error(`untouched "${text}" at ${start} is not in the output`);
      const generated = placeIn.generated(start + shift);
      const { line, column } = originalPositionFor(map, generated);
      const mapped = { line: line ?? 0, column: column ?? 0 };
      found.push({ text, original: placeIn.original(start), generated, mapped });
    }
    at = edit.end;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return found;
}

/** What is wrong with the places of untouched tokens, a line each. */
export function misplaced(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap(({ text, original, generated, mapped }) => {
    const where = `"${text}" of ${show(original)}, now at ${show(generated)}`;
    const wrong: string[] = [];
    if (generated.line !== original.line) wrong.push(`${where} is on another line`);
    if (show(mapped) !== show(original)) wrong.push(`${where} maps to ${show(mapped)}`);
    return wrong;
  });
}

export function show({ line, column }: Place): string {
  return `${line}:${column}`;
}

function placesOf(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) };
  };
}
