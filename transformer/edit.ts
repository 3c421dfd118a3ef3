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

/** A test whether a range lies wholly in text that one of the edits replaces. */
export function replacedBy(
  edits: readonly Edit[],
): (range: { readonly start: number; readonly end: number }) => boolean {
  const replaced = sortEdits(edits.filter(({ start, end }) => start < end));
  return ({ start, end }) => {
    // The last edit that begins at or before the range: edits do not overlap, so no earlier one reaches it.
    let found = -1;
    for (let beyond = replaced.length; beyond - found > 1;) {
      const middle = (found + beyond) >> 1;
      if ((replaced[middle]?.start ?? 0) <= start) found = middle;
      else beyond = middle;
    }
    return end <= (replaced[found]?.end ?? -1);
  };
}
