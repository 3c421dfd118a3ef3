/** The parts of Node that the sinks use; looked up when first needed, so that no `node:` import is in the runtime. */
import { builtin } from "../../platform.ts";

export interface Files {
  openSync(path: string, flags: string | number, mode?: number): number;
  closeSync(fd: number): void;
  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  mkdirSync(path: string, options: { readonly recursive: true }): void;
  fstatSync(fd: number): { isFIFO(): boolean; isSocket(): boolean; isCharacterDevice(): boolean };
  readonly constants: { readonly O_WRONLY: number; readonly O_NONBLOCK: number };
}

export interface Process {
  readonly pid: number;
  on(event: string, f: (...values: never[]) => void): void;
  off(event: string, f: (...values: never[]) => void): void;
  kill(pid: number, signal: string): void;
  listenerCount(event: string): number;
}

/** Asked for once: where each line is written at once, the look-up would be a tenth of it. */
let fs: Files | undefined;

/** `node:fs`; throws an Error where there is none. */
export function files(): Files {
  fs ??= builtin<Files>("fs");
  if (fs === undefined)
    throw new Error("files and file descriptors need Node, Bun or Deno; use a function as the writer");
  return fs;
}

/** The process, `undefined` where there is none with signals. */
export function processOf(): Process | undefined {
  return builtin<Process>("process");
}
