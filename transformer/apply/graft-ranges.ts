/** The correspondence of offsets between a source text and the same text with edits applied. */
import type { Edit } from "../edit.ts";

/** An edit, or several without a gap between them, with its place in the new text. */
export interface Change extends Edit {
  readonly newStart: number;
  readonly newEnd: number;
}

export class Ranges {
  readonly changes: readonly Change[];
  /** The source with the edits applied. */
  readonly text: string;

  constructor(source: string, edits: readonly Edit[]) {
    const changes: Change[] = [];
    let text = "";
    let at = 0;
    for (const edit of edits) {
      text += source.slice(at, edit.start);
      const last = changes.at(-1);
      const newStart = text.length;
      text += edit.text;
      at = edit.end;
      const here = { start: edit.start, end: edit.end, text: edit.text, newStart, newEnd: text.length };
      if (last !== undefined && last.end === edit.start) {
        changes[changes.length - 1] = {
          ...here,
          start: last.start,
          text: last.text + edit.text,
          newStart: last.newStart,
        };
      } else changes.push(here);
    }
    this.changes = changes;
    this.text = text + source.slice(at);
  }

  /** The index of the last change that begins at or before an offset of the new text. */
  #before(offset: number): number {
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.changes[middle] as Change).newStart <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Where a range of the new text stood in the source, if no edit reaches into it. */
  untouched(start: number, end: number): number | undefined {
    const index = this.#before(start);
    const change = this.changes[index];
    const next = this.changes[index + 1];
    if (change !== undefined && start < change.newEnd) return undefined;
    if (next !== undefined && end > next.newStart) return undefined;
    // Empty text at the very start was looked at from its right side: it is outside of the range.
    return change === undefined ? start : change.end + (start - change.newEnd);
  }

  /** The change whose text the range lies in. */
  generated(start: number, end: number): Change | undefined {
    const change = this.changes[this.#before(start)];
    return change !== undefined && start < change.newEnd && end <= change.newEnd ? change : undefined;
  }

  /** Whether a range begins and ends in text that was put around something: what it holds is there as well. */
  isWrapper(start: number, end: number): boolean {
    const first = this.changes[this.#before(start)];
    const last = this.changes[this.#before(end - 1)];
    const isIn = (offset: number, change: Change | undefined): boolean =>
      change !== undefined && change.start === change.end && offset < change.newEnd;
    return isIn(start, first) && isIn(end - 1, last);
  }

  /** Offsets of the source at which something that starts here can have started, the best first. */
  starts(offset: number): readonly number[] {
    const change = this.changes[this.#before(offset)];
    if (change === undefined) return [offset];
    if (offset < change.newEnd) return [change.start];
    if (offset === change.newEnd) return [change.end, change.start];
    return [change.end + (offset - change.newEnd)];
  }

  /** Offsets of the source at which something that ends here can have ended, the best first. */
  ends(offset: number): readonly number[] {
    const change = this.changes[this.#before(offset)];
    if (change === undefined) return [offset];
    if (offset === change.newStart) return [change.start, change.end];
    if (offset <= change.newEnd) return [change.end];
    return [change.end + (offset - change.newEnd)];
  }

  /** The first change that removes text in a range of the source. */
  removedIn(start: number, end: number): Change | undefined {
    for (let index = this.#firstEndingAfter(start); index < this.changes.length; index++) {
      const change = this.changes[index] as Change;
      if (change.start >= end) return undefined;
      if (change.end > change.start) return change;
    }
    return undefined;
  }

  /** Whether an edit lies in a range of the source or at one of its ends. */
  reaches(start: number, end: number): boolean {
    const change = this.changes[this.#firstEndingAfter(start - 1)];
    return change !== undefined && change.start <= end;
  }

  #firstEndingAfter(offset: number): number {
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.changes[middle] as Change).end <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
