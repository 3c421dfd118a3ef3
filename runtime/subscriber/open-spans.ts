/** Open spans by id. */
import type { SpanId } from "../subscriber.ts";
import type { SpanRecord } from "./span-record.ts";

/**
 * Ids only grow, so a young span is found on a page by its id alone. A page is as young as what it holds, which costs
 * the collector nothing; one table for all, or a Map, would be written down by it for each span. What is still open when
 * a page is full goes into a Map.
 */
export class OpenSpans {
  /** The id of the first span that the page has room for. */
  private first = 0;
  private page: (SpanRecord | undefined)[] = [];
  private readonly earlier: Map<SpanId, SpanRecord> = new Map();

  get(id: SpanId): SpanRecord | undefined {
    return id >= this.first ? this.page[id - this.first] : this.earlier.get(id);
  }

  add(span: SpanRecord): void {
    if (span.id - this.first >= room) this.turn(span.id);
    this.page[span.id - this.first] = span;
  }

  delete({ id }: SpanRecord): void {
    if (id >= this.first) this.page[id - this.first] = undefined;
    else this.earlier.delete(id);
  }

  private turn(id: SpanId): void {
    for (const open of this.page) if (open) this.earlier.set(open.id, open);
    this.first = id;
    // oxlint-disable-next-line unicorn/no-new-array
    this.page = new Array(room);
  }
}

const room = 1024;
