/** A probe file in this process: its cells, its modules, and which of its callsites a tracer wants. */
import type { Argument } from "./argument.ts";
import type { Index } from "./probe-file.ts";
import { node, threadId } from "./node.ts";
import { Group } from "./shared.ts";

/** What a probe file exports; see glue/glue.c. */
interface Addon {
  readonly cells?: ArrayBuffer;
  readonly index?: ArrayBuffer;
  readonly fire?: (stub: number, ...values: readonly Argument[]) => void;
  readonly failed?: number;
}

declare const TextDecoder: new () => { decode(bytes: ArrayBuffer): string };

/** The highest bit of a cell: a tracer is attached to a probe that the callsite shares. Below it are the threads' interests. */
const ARMED = 0x8000;
/** For threads that found no bit of their own: set and never cleared, so that they miss nothing. */
const OTHERS = 0x4000;

/** Loads a probe file, or throws why not. */
export class LoadedFile {
  readonly path: string;
  readonly index: Index;
  readonly words: Int32Array;
  /** The same memory in halves: the low ones are the kernel's, and only read here. */
  readonly halves: Uint16Array;
  readonly fire: (stub: number, ...values: readonly Argument[]) => void;
  readonly modules: Map<string, Index["modules"][number]>;
  /** Which groups were armed when it was last looked. */
  #armed = 0;
  /** The bit of this thread in every cell: 0 for the first one, whose interest is a number. */
  readonly #slot: number;

  constructor(path: string) {
    const { process } = node()!;
    const module: { exports: Addon } = { exports: {} };
    process.dlopen(module, path);
    const { cells, index, fire, failed } = module.exports;
    if (failed !== undefined)
      throw new Error(`the host refuses memory that is not its own (Node-API status ${failed})`);
    if (cells === undefined || index === undefined || fire === undefined) throw new Error("it is no probe file");
    this.path = path;
    this.index = JSON.parse(new TextDecoder().decode(index)) as Index;
    if (this.index.version !== 1) throw new Error(`it has version ${this.index.version}, this runtime reads version 1`);
    this.words = new Int32Array(cells);
    this.halves = new Uint16Array(cells);
    this.fire = fire;
    this.modules = new Map(this.index.modules.map((module) => [module[0], module]));
    this.#slot = this.#claimSlot();
    this.arm();
  }

  /** Whether a tracer is at a callsite's own probe or at one that it shares: one load, for every enabled event. */
  isTraced(cell: number): boolean {
    return (this.words[cell]! & ((ARMED << 16) | 0xffff)) !== 0;
  }

  /** Whether a tracer counted up the word of a group. */
  wants(group: number): boolean {
    return this.halves[2 * (this.index.cells + group)] !== 0;
  }

  /** Whether a tracer is attached to the shared probes of spans. */
  get followsSpans(): boolean {
    return (this.#armed & (1 << Group.SPAN)) !== 0;
  }

  /** Sets or clears the highest bit of every cell whose group a tracer came to or left. */
  arm(): void {
    let armed = 0;
    for (let group = 0; group < Group.THREADS; group++) if (this.wants(group)) armed |= 1 << group;
    if (armed === this.#armed) return;
    this.#armed = armed;
    const { kinds } = this.index;
    for (let cell = 0; cell < kinds.length; cell++) {
      const kind = Number(kinds[cell]);
      if (kind === 0) continue;
      const groups = kind === 6 ? 1 << Group.SPAN : (1 << Group.EVENT) | (1 << (Group.LEVEL + kind));
      if ((armed & groups) === 0) Atomics.and(this.halves, 2 * cell + 1, ~ARMED);
      else Atomics.or(this.halves, 2 * cell + 1, ARMED);
    }
  }

  /**
   * Says in a cell's high half whether this thread's subscribers want the callsite. All threads of a process have the
   * same cells, so each has bits of its own there, and the guard holds where any of them is interested.
   */
  publish(cell: number, interest: number): void {
    const at = 2 * cell + 1;
    if (this.#slot === 0) {
      for (;;) {
        const old = this.halves[at]!;
        if ((old & 3) === interest) return;
        if (Atomics.compareExchange(this.halves, at, old, (old & ~3) | interest) === old) return;
      }
    }
    const bit = this.#slot < 0 ? OTHERS : 2 << this.#slot;
    if (interest !== 0) Atomics.or(this.halves, at, bit);
    else if (bit !== OTHERS) Atomics.and(this.halves, at, ~bit);
  }

  #claimSlot(): number {
    const at = this.index.cells + Group.THREADS;
    for (let slot = 0; slot <= 12; slot++) {
      const old = Atomics.or(this.words, at, 1 << slot);
      if ((old & (1 << slot)) !== 0) continue;
      // with the main thread the memory is gone as well
      if (threadId() === 0) return slot;
      // a thread that is terminated from outside does not get here: its bits stay, which costs, but loses nothing
      node()!.process.once("exit", () => {
        for (let cell = 0; cell < this.index.cells; cell++) this.publish(cell, 0);
        Atomics.and(this.words, at, ~(1 << slot));
      });
      return slot;
    }
    return -1;
  }
}
