/** A flat replacement of source text. Edits are sorted, never overlap, and every range they leave alone stays in order. */
export interface Edit {
  /** UTF-16 offset of the first character replaced. */
  readonly start: number;
  /** UTF-16 offset behind the last character replaced; equal to `start` for an insertion. */
  readonly end: number;
  readonly text: string;
}

/**
 * Sorts edits by place. At one offset insertions come first, in the order they were made, so that a prologue
 * stands before the statement it precedes.
 */
export function sortEdits(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
}
