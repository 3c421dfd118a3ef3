/** A writer with a buffer in bounded memory, which hands full chunks of lines to a sink. */
import type { Line } from "../../line.ts";
import type { Metadata } from "../../metadata.ts";
import type { ByteLine } from "./byte-line.ts";
import type { Sink } from "./sink.ts";
import { writerOf } from "../writer.ts";
import { Chunks } from "./chunks.ts";
import { Delivery } from "./delivery.ts";
import { onExit } from "./on-exit.ts";
import { later } from "./wait.ts";

/** Options of a buffered writer. */
export interface BufferOptions {
  /** Bytes after which a chunk is handed over. Default: 16384. */
  readonly size?: number | undefined;
  /** Milliseconds after which an incomplete chunk is handed over too; 0 is at once. Default: 100. */
  readonly interval?: number | undefined;
  /** An event of this level, or a graver one, hands everything over at once. Default: 1, ERROR; 0 is never. */
  readonly flushLevel?: number | undefined;
  /** The most bytes that wait for a slow sink. Default: 8 MiB. */
  readonly maxBytes?: number | undefined;
  /** When they do: drop new lines and count them (true), or wait for the sink (false). Default: false. */
  readonly lossy?: boolean | undefined;
  /** Milliseconds that exit waits for a slow sink. Default: 1000. */
  readonly exitTimeout?: number | undefined;
  /** Hands over on SIGTERM, SIGINT and SIGHUP too, which otherwise end the process at once. Default: true. */
  readonly signals?: boolean | undefined;
}

/** A writer for the outputs' option `writer`. */
export interface BufferedWriter {
  (line: string, metadata?: Metadata): void;
  /** Hands everything over, waiting for a slow sink at most that many milliseconds; whether it took all. */
  flush(milliseconds?: number): boolean;
  /** Hands everything over and ends the sink. */
  close(): Promise<void>;
  /** Lines that were lost: dropped because the buffer was full, or because the sink is gone. */
  readonly dropped: number;
  /** Bytes that wait. */
  readonly pending: number;
}

/**
 * Buffers lines for a sink. Everything arrives at exit, after an uncaught exception or rejection, and on SIGTERM,
 * SIGINT and SIGHUP; SIGKILL loses what is younger than `interval`. A sink that fails is told once and tried again;
 * nothing it throws reaches the program.
 */
export function buffered(sink: Sink, options: BufferOptions = {}): BufferedWriter {
  const buffer = new Buffer(sink, options);
  const { chunks, delivery } = buffer;
  const stop = onExit((final) => {
    if (!buffer.flush(options.exitTimeout ?? 1000) && final) delivery.lose("the process ends");
    if (final) delivery.tellLost();
  }, options.signals ?? true);
  const take = (line: Line, from: number, metadata?: Metadata): void => {
    // all who know that it takes bytes write them
    buffer.take(line as ByteLine, from, metadata?.level ?? 5);
  };
  const writer = writerOf({ line: chunks.line, take });
  const members: PropertyDescriptorMap = {
    flush: { value: (milliseconds = Infinity) => buffer.flush(milliseconds) },
    close: {
      value: async () => {
        stop();
        await delivery.close();
      },
    },
    dropped: { get: () => delivery.dropped },
    pending: { get: () => chunks.pending },
  };
  return Object.defineProperties(writer, members) as BufferedWriter;
}

/** Decides when what waits is handed over, and what happens to lines for which there is no room. */
class Buffer {
  readonly size: number;
  readonly interval: number;
  readonly flushLevel: number;
  readonly maxBytes: number;
  readonly lossy: boolean;
  readonly chunks: Chunks;
  readonly delivery: Delivery;
  /** Bytes since the sink was last offered some. */
  fresh = 0;
  timer: unknown;

  constructor(sink: Sink, options: BufferOptions) {
    this.size = options.size ?? 16_384;
    this.interval = options.interval ?? 100;
    this.flushLevel = options.flushLevel ?? 1;
    this.maxBytes = options.maxBytes ?? 8 * 1024 * 1024;
    this.lossy = options.lossy ?? false;
    this.chunks = new Chunks(this.size, sink.keeps ?? true);
    this.delivery = new Delivery(sink, this.chunks);
  }

  take(line: ByteLine, from: number, level: number): void {
    const size = line.at - from;
    if (this.delivery.gone || (this.chunks.pending + size > this.maxBytes && !this.makeRoom(size))) {
      this.delivery.dropped++;
      return;
    }
    this.chunks.add(line, from);
    this.fresh += size;
    if (this.fresh >= this.size || level <= this.flushLevel || this.interval === 0) this.offer();
    else this.timer ??= later(() => this.tick(), this.interval);
  }

  flush(milliseconds: number): boolean {
    this.fresh = 0;
    return this.delivery.flush(milliseconds);
  }

  /** A line that is longer than all the room there is may wait alone. */
  private makeRoom(size: number): boolean {
    const { chunks, delivery } = this;
    this.offer();
    if (!this.lossy) delivery.flush(Infinity, Math.max(0, this.maxBytes - size));
    return !delivery.gone && (chunks.pending === 0 || chunks.pending + size <= this.maxBytes);
  }

  private offer(): void {
    this.fresh = 0;
    this.delivery.drain();
  }

  private tick(): void {
    this.timer = undefined;
    this.offer();
  }
}
