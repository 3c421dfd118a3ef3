import { MagicString, type SourceMap } from "magic-string";
import type { Edit } from "../edit.ts";

/** Edited text with its map back to the original. */
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
  return {
    code: text.toString(),
    map: text.generateMap({ source: id, hires: "boundary", includeContent: true }),
  };
}
