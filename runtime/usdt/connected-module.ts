/** A module of a probe file in this process. */
import type { Connected, Probe as ProbeOf } from "../callsite.ts";
import type { Interest } from "../interest.ts";
import type { LoadedFile } from "./loaded-file.ts";
import type { Index } from "./probe-file.ts";
import { Probe } from "./probe.ts";

export class ConnectedModule implements Connected {
  readonly cells: Int32Array;
  readonly #file: LoadedFile;
  readonly #first: number;
  readonly #close: number;
  /** What was published; of a module that nobody wanted yet there is none. */
  #interests: Uint8Array | undefined;

  constructor(file: LoadedFile, [, first, count, close]: Index["modules"][number]) {
    this.cells = file.words.subarray(first, first + count);
    this.#file = file;
    this.#first = first;
    this.#close = close;
  }

  publish(index: number, interest: Interest): void {
    this.#interests ??= new Uint8Array(this.cells.length);
    this.#interests[index] = interest;
    this.#file.publish(this.#first + index, interest);
  }

  interestOf(index: number): Interest {
    return (this.#interests?.[index] ?? 0) as Interest;
  }

  probeOf(index: number): ProbeOf {
    const first = this.#first;
    // the stubs of spans' ends follow one another
    const spans = this.#file.index.kinds.slice(first, first + index).split("6").length - 1;
    return new Probe(this.#file, first + index, this.#close + spans);
  }
}
