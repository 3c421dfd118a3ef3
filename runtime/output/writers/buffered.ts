/** One buffer of lines in bounded memory, which hands full chunks to a sink. */
import type { Metadata } from "../../metadata.ts";
import type { Sink } from "./sink.ts";
import { host } from "../../platform.ts";
import { describe, report } from "../../report.ts";
import { onExit } from "./on-exit.ts";
import { codeOf, isFinal } from "./sink.ts";

/** Options of a buffered writer. */
export interface BufferOptions {
  /** Characters after which a chunk is handed over. Default: 16384. */
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
  const stop = onExit((final) => {
    if (!buffer.flush(options.exitTimeout ?? 1000) && final) buffer.lose("the process ends");
    if (final) buffer.tellLost();
  }, options.signals ?? true);
  const writer = (line: string, metadata?: Metadata): void => buffer.add(line, metadata?.level ?? 5);
  const members: PropertyDescriptorMap = {
    flush: { value: (milliseconds = Infinity) => buffer.flush(milliseconds) },
    close: {
      value: async () => {
        stop();
        await buffer.close();
      },
    },
    dropped: { get: () => buffer.dropped },
    pending: { get: () => buffer.pending },
  };
  return Object.defineProperties(writer, members) as BufferedWriter;
}

class Buffer {
  readonly sink: Sink;
  readonly size: number;
  readonly interval: number;
  readonly flushLevel: number;
  readonly maxBytes: number;
  readonly lossy: boolean;
  readonly encoder: { encode(text: string): Uint8Array } = new host.TextEncoder!();
  /** Complete chunks, the first of them written up to `from`. */
  chunks: Uint8Array[] = [];
  from = 0;
  bytes = 0;
  /** The incomplete chunk. */
  text = "";
  dropped = 0;
  told = 0;
  gone = false;
  timer: unknown;
  retry: unknown;

  constructor(sink: Sink, options: BufferOptions) {
    this.sink = sink;
    this.size = options.size ?? 16_384;
    this.interval = options.interval ?? 100;
    this.flushLevel = options.flushLevel ?? 1;
    this.maxBytes = options.maxBytes ?? 8 * 1024 * 1024;
    this.lossy = options.lossy ?? false;
    sink.onReady?.(() => this.drain());
  }

  get pending(): number {
    return this.bytes + this.text.length;
  }

  add(line: string, level: number): void {
    if (this.gone) return void this.dropped++;
    if (this.pending + line.length > this.maxBytes) {
      this.cut();
      this.drain();
      if (!this.lossy) this.flush(Infinity, this.maxBytes - line.length);
      if (this.gone || (this.pending > 0 && this.pending + line.length > this.maxBytes)) {
        this.dropped++;
        return;
      }
    }
    this.text += line;
    if (this.text.length >= this.size || level <= this.flushLevel || this.interval === 0) {
      this.cut();
      this.drain();
    } else this.timer ??= later(() => this.tick(), this.interval);
  }

  /** Hands over until at most `left` bytes wait. */
  flush(milliseconds: number, left = 0): boolean {
    this.cut();
    const end = present() + milliseconds;
    for (;;) {
      const before = this.bytes;
      const failed = !this.drain();
      if (this.bytes <= left) return this.handOn();
      // a sink that goes on by itself needs the event loop, and a full disk is not emptied by waiting
      if (failed || this.gone || this.sink.later || present() >= end) return false;
      if (this.bytes === before) sleep(2);
    }
  }

  private handOn(): boolean {
    try {
      this.sink.flush?.();
      return true;
    } catch (error) {
      report(`sink ${codeOf(error) || describe(error)}`, `cannot write lines: ${describe(error)}`);
      return false;
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.drain();
    while (this.bytes > 0 && !this.gone) {
      await new Promise((resolve) => void timers.setTimeout(() => resolve(undefined), 5));
      if (!this.drain()) break;
    }
    this.lose("the writer was closed");
    await this.sink.close?.();
  }

  private tick(): void {
    this.timer = undefined;
    this.cut();
    this.drain();
  }

  private cut(): void {
    if (this.text === "") return;
    const chunk = this.encoder.encode(this.text);
    this.text = "";
    this.chunks.push(chunk);
    this.bytes += chunk.length;
  }

  /** Offers what waits; false if the sink failed. */
  private drain(): boolean {
    while (this.chunks.length > 0 && !this.gone) {
      try {
        const taken = this.sink.write(this.chunks[0]!, this.from);
        if (taken === 0) break;
        this.from += taken;
        this.bytes -= taken;
        if (this.from >= this.chunks[0]!.length) {
          this.chunks.shift();
          this.from = 0;
        }
      } catch (error) {
        report(`sink ${codeOf(error) || describe(error)}`, `cannot write lines: ${describe(error)}`);
        if (isFinal(error)) this.lose("the writer is gone");
        else this.again(1000);
        return false;
      }
    }
    if (this.chunks.length > 0) this.again(10);
    else this.tell();
    return true;
  }

  private again(milliseconds: number): void {
    this.retry ??= later(() => {
      this.retry = undefined;
      this.drain();
    }, milliseconds);
  }

  /** Nothing will ever be taken again: says how much is lost. */
  lose(why: string): void {
    this.gone = true;
    const lines = this.chunks.reduce((sum, chunk, i) => sum + count(i === 0 ? chunk.subarray(this.from) : chunk), 0);
    this.dropped += lines;
    this.told += lines;
    this.chunks = [];
    this.bytes = this.from = 0;
    if (lines > 0) report(`lost ${why}`, `${why}: ${lines} lines are lost`);
  }

  /** At the end: what was lost after the writer had gone. */
  tellLost(): void {
    const now = this.dropped - this.told;
    this.told = this.dropped;
    if (this.gone && now > 0) report(`lost ${this.dropped}`, `the writer was gone: ${now} more lines are lost`);
  }

  private tell(): void {
    if (this.gone || this.dropped === this.told) return;
    const now = this.dropped - this.told;
    this.told = this.dropped;
    report(`dropped ${this.dropped}`, `${now} lines were dropped, because the writer was too slow`);
  }
}

function count(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines++;
  return lines;
}

interface Timers {
  setTimeout(f: () => void, milliseconds: number): unknown;
}
const timers: Timers = globalThis as unknown as Timers;

/** A timer that keeps no process alive; exit flushes. */
function later(f: () => void, milliseconds: number): unknown {
  const timer = timers.setTimeout(f, milliseconds);
  (timer as { unref?(): void }).unref?.();
  return timer;
}

function present(): number {
  return host.performance?.now() ?? Date.now();
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
