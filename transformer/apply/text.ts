import { MagicString, type SourceMap } from "magic-string";
import type { Edit } from "../edit.ts";

/** Edited text with its map back to the original, which is made when it is asked for. */
export interface EditedText {
  readonly code: string;
  readonly map: SourceMap;
}

/** Applies edits as text. The map has word boundaries, so that every token left alone maps back exactly. */
export function applyText(code: string, edits: readonly Edit[], id: string): EditedText {
  const text = new MagicString(code);
  for (const { start, end, text: replacement } of edits) {
    if (start === end) text.appendLeft(start, replacement);
    else text.update(start, end, replacement);
  }
  let map: SourceMap | undefined;
  return {
    code: text.toString(),
    get map() {
      return (map ??= text.generateMap({ source: id, hires: "boundary", includeContent: true }));
    },
  };
}
