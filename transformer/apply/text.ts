import type { Edit } from "../edit.ts";
import { Mappings } from "./mappings.ts";

/** The format that bundlers exchange, version 3. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: string[];
  readonly sourcesContent: string[];
  readonly names: string[];
  readonly mappings: string;
}

/** Edited text with its map back to the original, which is made when it is asked for. */
export interface EditedText {
  readonly code: string;
  readonly map: SourceMap;
}

/** Applies sorted edits as text. The map has word boundaries, so that every token left alone maps back exactly. */
export function applyText(code: string, edits: readonly Edit[], id: string): EditedText {
  let text = "";
  let end = 0;
  for (const edit of edits) {
    text += code.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  let map: SourceMap | undefined;
  return {
    code: text + code.slice(end),
    get map() {
      return (map ??= {
        version: 3,
        sources: [id],
        sourcesContent: [code],
        names: [],
        mappings: mappingsOf(code, edits),
      });
    },
  };
}

function mappingsOf(code: string, edits: readonly Edit[]): string {
  const mappings = new Mappings();
  let [at, line, lineStart] = [0, 0, 0];
  for (const { start, end, text } of edits) {
    keep(start);
    if (start === end) mappings.skip(text);
    else mappings.replacement(text, line, start - lineStart);
    advance(end);
  }
  keep(code.length);
  return mappings.done();

  function keep(end: number): void {
    mappings.source(code, at, end, line, at - lineStart);
    advance(end);
  }

  function advance(to: number): void {
    for (let next = code.indexOf("\n", at); next !== -1 && next < to; next = code.indexOf("\n", next + 1)) {
      line++;
      lineStart = next + 1;
    }
    at = to;
  }
}
