/** Moves what waits to a sink, now or as soon as it takes it, and keeps account of what is lost. */
import type { Chunks } from "./chunks.ts";
import type { Sink } from "./sink.ts";
import { host } from "../../platform.ts";
import { describe, report } from "../../report.ts";
import { later, sleep, soon } from "./wait.ts";
import { codeOf, isFinal } from "./sink.ts";

export class Delivery {
  readonly sink: Sink;
  readonly chunks: Chunks;
  /** Lines that were lost, and how many of them were told. */
  dropped = 0;
  told = 0;
  /** Nothing will ever be taken again. */
  gone = false;
  retry: unknown;

  constructor(sink: Sink, chunks: Chunks) {
    this.sink = sink;
    this.chunks = chunks;
    sink.onReady?.(() => this.drain());
  }

  /** Offers what waits; false if the sink failed. */
  drain(): boolean {
    if (this.gone) return true;
    const { sink } = this;
    try {
      const write = sink.write.until ?? ((bytes, from, to) => sink.write(bytes.subarray(0, to), from));
      if (this.chunks.offer(write)) this.tellDropped();
      else this.again(10);
      return true;
    } catch (error) {
      tellFailure(error);
      if (isFinal(error)) this.lose("the writer is gone");
      else this.again(1000);
      return false;
    }
  }

  /** Hands over, for so many milliseconds, until at most `left` bytes wait. */
  flush(milliseconds: number, left = 0): boolean {
    const end = present() + milliseconds;
    for (;;) {
      const before = this.chunks.pending;
      const failed = !this.drain();
      const { pending } = this.chunks;
      if (pending <= left) return this.handOn();
      // a sink that goes on by itself needs the event loop, and a full disk is not emptied by waiting
      if (failed || this.gone || this.sink.later || present() >= end) return false;
      if (pending === before) sleep(2);
    }
  }

  /** Hands over everything that the sink takes, then ends it. */
  async close(): Promise<void> {
    while (this.drain() && this.chunks.pending > 0) await soon(5);
    this.lose("the writer was closed");
    await this.sink.close?.();
  }

  /** From now on everything is lost: says how much it is. */
  lose(why: string): void {
    this.gone = true;
    const lines = this.chunks.clear();
    this.dropped += lines;
    this.told += lines;
    if (lines > 0) report(`lost ${why}`, `${why}: ${lines} lines are lost`);
  }

  /** At the end: what was lost after the sink had gone. */
  tellLost(): void {
    const now = this.dropped - this.told;
    this.told = this.dropped;
    if (this.gone && now > 0) report(`lost ${this.dropped}`, `the writer was gone: ${now} more lines are lost`);
  }

  private tellDropped(): void {
    if (this.dropped === this.told) return;
    const now = this.dropped - this.told;
    this.told = this.dropped;
    report(`dropped ${this.dropped}`, `${now} lines were dropped, because the writer was too slow`);
  }

  private handOn(): boolean {
    try {
      this.sink.flush?.();
      return true;
    } catch (error) {
      tellFailure(error);
      return false;
    }
  }

  private again(milliseconds: number): void {
    this.retry ??= later(() => {
      this.retry = undefined;
      this.drain();
    }, milliseconds);
  }
}

function tellFailure(error: unknown): void {
  report(`sink ${codeOf(error) || describe(error)}`, `cannot write lines: ${describe(error)}`);
}

function present(): number {
  return host.performance?.now() ?? Date.now();
}
