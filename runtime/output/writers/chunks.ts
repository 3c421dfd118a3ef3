/** Lines that wait for a sink, copied behind one another into chunks of memory. */
import type { ByteLine } from "./byte-line.ts";
import { copyWords } from "./copy-words.ts";

/** Room behind the last line of a full chunk, so that chunks are rarely cut before they are full. */
const slack = 4096;

/** Memory that lines are appended to. What is in it is never changed, unless all of it was taken and is not kept. */
class Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** What of it was taken, and what was written. */
  from = 0;
  to = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  append({ bytes, view: line, at: end }: ByteLine, start: number): void {
    const { view, to } = this;
    const size = end - start;
    this.to = to + size;
    if (size < 8) return this.bytes.set(bytes.subarray(start, end), to);
    // what is behind the line is no text: the last eight bytes overlap with those before
    copyWords(line, start, view, to, size & ~7);
    copyWords(line, end - 8, view, this.to - 8, 8);
  }
}

/** A queue of chunks, the last of which takes more. */
export class Chunks {
  readonly capacity: number;
  /** Whether a sink may still look at bytes that it took. */
  readonly kept: boolean;
  queue: Chunk[] = [];
  /** Bytes that were not taken. */
  pending = 0;

  constructor(size: number, kept: boolean) {
    this.capacity = size + slack;
    this.kept = kept;
  }

  add(line: ByteLine, from: number): void {
    const size = line.at - from;
    const { queue } = this;
    let chunk = queue[queue.length - 1];
    if (chunk === undefined || chunk.to + size > chunk.bytes.length) {
      // what was taken of it is all there is of it
      if (this.pending === 0) queue.length = 0;
      queue.push((chunk = new Chunk(Math.max(size, this.capacity))));
    }
    chunk.append(line, from);
    this.pending += size;
  }

  /** Offers chunks as long as whole ones are taken; whether all were. What `write` throws is thrown. */
  offer(write: (bytes: Uint8Array, from: number) => number): boolean {
    while (this.pending > 0) {
      const chunk = this.queue[0]!;
      const taken = write(chunk.bytes.subarray(0, chunk.to), chunk.from);
      if (taken === 0) return false;
      this.pending -= taken;
      chunk.from += taken;
      if (chunk.from < chunk.to) continue;
      if (this.queue.length > 1) this.queue.shift();
      else if (!this.kept) chunk.from = chunk.to = 0;
    }
    return true;
  }

  /** Forgets everything, and answers how many lines it was. */
  clear(): number {
    let lines = 0;
    for (const { bytes, from, to } of this.queue) for (let at = from; at < to; at++) if (bytes[at] === 10) lines++;
    this.queue = [];
    this.pending = 0;
    return lines;
  }
}
