/** Edits that keep every line where it is. */
import type { Edit } from "../edit.ts";

/** Replaces a range; the line breaks it held are kept between `before` and `after`, where no rule of semicolons applies. */
export function rewrite(code: string, start: number, end: number, before: string, after = ""): Edit {
  return { start, end, text: before + lineBreaks(code, start, end) + after };
}

function lineBreaks(code: string, start: number, end: number): string {
  let breaks = "";
  for (let at = code.indexOf("\n", start); at !== -1 && at < end; at = code.indexOf("\n", at + 1)) breaks += "\n";
  return breaks;
}

/** `between` for two arguments: on one line a space follows the comma. */
export function rewriteComma(code: string, start: number, end: number): Edit {
  const edit = rewrite(code, start, end, ",");
  return edit.text === "," ? { ...edit, text: ", " } : edit;
}
