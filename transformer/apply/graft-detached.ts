/** The comments at the top of a file that the emitter prints whatever its first statement is. */
import type ts from "typescript";
import type { TypeScript } from "./graft-internals.ts";

/**
 * Prints what is detached only in the edited text, as where the statement behind a licence was removed: the emitter
 * looks for such comments in the source. Where it prints them, text of a file's own stands too.
 */
export function keepDetached(tsc: TypeScript, grafted: ts.SourceFile, edited: string, onlyPinned: boolean): void {
  const isKept = (comment: string): boolean => !onlyPinned || comment.startsWith("/*!");
  const printed = detachedComments(tsc, grafted.text, isKept);
  const text = detachedComments(tsc, edited, isKept)
    .filter((comment) => !printed.includes(comment))
    .join("\n");
  if (text !== "") tsc.addEmitHelper(grafted, { name: "dtracing:detached", scoped: true, priority: -1, text });
}

/** The first group of comments, where an empty line follows it: the emitter's rule for a licence. */
export function detachedComments(
  tsc: TypeScript,
  source: string,
  isKept: (comment: string) => boolean = () => true,
): readonly string[] {
  const all = (tsc.getLeadingCommentRanges(source, 0) ?? []).filter(({ pos, end }) => isKept(source.slice(pos, end)));
  const group: ts.CommentRange[] = [];
  for (const range of all) {
    const last = group.at(-1);
    if (last !== undefined && lineBreaks(source.slice(last.end, range.pos)) >= 2) break;
    group.push(range);
  }
  const [last, lastOfAll] = [group.at(-1), all.at(-1)];
  if (last === undefined || lastOfAll === undefined) return [];
  const token = lastOfAll.end + (/^\s*/.exec(source.slice(lastOfAll.end))?.[0].length ?? 0);
  return lineBreaks(source.slice(last.end, token)) < 2 ? [] : textsOf(source, group);
}

export function textsOf(text: string, ranges: readonly ts.CommentRange[] | undefined): readonly string[] {
  return (ranges ?? []).map(({ pos, end }) => text.slice(pos, end));
}

function lineBreaks(text: string): number {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).length - 1;
}
