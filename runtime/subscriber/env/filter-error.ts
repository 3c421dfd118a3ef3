/** What is wrong with the text of a filter, and where. */

/** The only error that parsing a filter throws. */
export class FilterError extends Error {
  override readonly name = "FilterError";
  /** The text that was parsed. */
  readonly filter: string;
  /** Where in it, from 1. */
  readonly column: number;

  constructor(problem: string, column: number, filter: string) {
    super(`${problem}; at column ${column} of the filter "${filter}"`);
    this.filter = filter;
    this.column = column;
  }
}

/** `, did you mean "debug"?` if one of the known words is near, else nothing. */
export function suggestion(word: string, known: Iterable<string>): string {
  const best = nearest(word, known);
  return best === undefined ? "" : `, did you mean "${best}"?`;
}

/** The known word with the fewest typing mistakes, if there are not too many for its length. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

/** Edits between two words: insert, delete, replace, swap neighbours. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
