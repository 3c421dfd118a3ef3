/** Lines that wait for a sink, one behind the other in chunks of memory. */
import { ByteLine } from "./byte-line.ts";
import { copyWords } from "./copy-words.ts";

/** Room behind the last line of a full chunk, so that lines rarely begin where they do not fit. */
const slack = 4096;

/** A chunk with less room than this is not begun another line in. */
const least = 1024;

/** Memory that lines are appended to. What is in it is never changed, unless all of it was taken and is not kept. */
class Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** What of it was taken, and how far there are whole lines. */
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

/**
 * A queue of chunks, the last of which takes more. Its own line is made right there, behind the last whole line, so
 * that nothing has to be copied; it counts once it is added.
 */
export class Chunks {
  readonly capacity: number;
  /** Whether a sink may still look at bytes that it took. */
  readonly kept: boolean;
  readonly line: ByteLine = new ByteLine();
  queue: Chunk[] = [];
  /** Bytes that were not taken. */
  pending = 0;

  constructor(size: number, kept: boolean) {
    this.capacity = size + slack;
    this.kept = kept;
  }

  add(line: ByteLine, from: number): void {
    const { line: own, queue } = this;
    const size = line.at - from;
    let chunk = queue[queue.length - 1];
    const isOwn = line === own && from === own.floor;
    this.pending += size;
    if (isOwn && own.bytes === chunk?.bytes) chunk.to = own.at;
    else {
      // by another line, by one that has grown out of the chunk, or inside of one that stays where it is
      const isTaken = !isOwn && own.at > own.floor && own.bytes === chunk?.bytes;
      if (chunk === undefined || isTaken || chunk.to + size > chunk.bytes.length) {
        queue.push((chunk = new Chunk(Math.max(size, this.capacity))));
      }
      chunk.append(line, from);
    }
    if (isOwn || own.at === own.floor) this.lend();
  }

  /** Offers chunks as long as whole ones are taken; whether all were. What `write` throws is thrown. */
  offer(write: (bytes: Uint8Array, from: number, to: number) => number): boolean {
    const { line: own, queue } = this;
    while (this.pending > 0) {
      const chunk = queue[0]!;
      // nothing is left of one in whose memory a line is being made
      if (chunk.from < chunk.to) {
        const taken = write(chunk.bytes, chunk.from, chunk.to);
        if (taken === 0) return false;
        this.pending -= taken;
        chunk.from += taken;
        if (chunk.from < chunk.to) continue;
      }
      if (queue.length > 1) queue.shift();
      else if (!this.kept && own.at === own.floor) {
        chunk.from = chunk.to = 0;
        this.lend();
      }
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

  /** The next line begins behind the last one. */
  private lend(): void {
    const { line: own, queue } = this;
    let chunk = queue[queue.length - 1]!;
    if (chunk.to + least > chunk.bytes.length) {
      // what was taken of it is all there is of it
      if (this.pending === 0) queue.length = 0;
      queue.push((chunk = new Chunk(this.capacity)));
    }
    if (own.bytes !== chunk.bytes) own.use(chunk.bytes, chunk.view);
    own.at = own.floor = chunk.to;
  }
}
