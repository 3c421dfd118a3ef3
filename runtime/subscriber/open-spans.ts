/** Open spans by id. */
import type { SpanId } from "../subscriber.ts";
import type { SpanRecord } from "./span-record.ts";

/**
 * Ids only grow, so a span is found by its id alone, on a page of 64. A page is made with its first span: what is
 * as young as what it holds costs the collector nothing, where one table for all, or a Map, would be written down
 * by it for each span.
 */
class Page {
  /** The lowest id that belongs on it. */
  readonly first: SpanId;
  readonly spans: (SpanRecord | undefined)[] = [];
  open = 0;

  constructor(first: SpanId) {
    this.first = first;
  }
}

export class OpenSpans {
  /** The latest pages, in a ring. */
  readonly latest: (Page | undefined)[] = Array.from({ length: 16 });
  /** Those that still have open spans when a later one takes their place. */
  readonly earlier: Map<SpanId, Page> = new Map();

  get(id: SpanId): SpanRecord | undefined {
    return this.pageOf(id)?.spans[id & 63];
  }

  add(span: SpanRecord): void {
    const { id } = span;
    const first = id - (id & 63);
    let page = this.latest[(id >> 6) & 15];
    if (page === undefined || page.first !== first) {
      if (page !== undefined && page.open > 0) this.earlier.set(page.first, page);
      page = this.latest[(id >> 6) & 15] = new Page(first);
    }
    page.open++;
    page.spans[id & 63] = span;
  }

  delete({ id }: SpanRecord): void {
    const page = this.pageOf(id)!;
    page.spans[id & 63] = undefined;
    if (--page.open === 0 && this.earlier.size > 0) this.earlier.delete(page.first);
  }

  private pageOf(id: SpanId): Page | undefined {
    const first = id - (id & 63);
    const page = this.latest[(id >> 6) & 15];
    return page !== undefined && page.first === first ? page : this.earlier.get(first);
  }
}
