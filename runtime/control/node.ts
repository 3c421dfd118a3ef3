/** The parts of Node that live reload uses; looked up when needed, so that no `node:` import is in the runtime. */
import { builtin } from "../platform.ts";

export interface Connection {
  setEncoding(encoding: "utf8"): void;
  on(event: "data", f: (text: string) => void): void;
  on(event: "error" | "close", f: () => void): void;
  end(text: string): void;
  destroy(): void;
}

export interface Server {
  listen(path: string, done: () => void): void;
  on(event: "error", f: (error: Error) => void): void;
  unref(): void;
  close(): void;
}

export interface Files {
  readFileSync(path: string, encoding: "utf8"): string;
  watchFile(path: string, options: { persistent: boolean; interval: number }, f: () => void): void;
  unwatchFile(path: string, f: () => void): void;
  mkdirSync(path: string, options: { mode: number }): void;
  lstatSync(path: string): { readonly uid: number; readonly mode: number; isDirectory(): boolean };
  chmodSync(path: string, mode: number): void;
  unlinkSync(path: string): void;
}

export interface Process {
  readonly pid: number;
  getuid?(): number;
  umask(mask: number): number;
  on(event: string, f: () => void): void;
  off(event: string, f: () => void): void;
}

export interface Node {
  readonly fs: Files;
  readonly net: { createServer(f: (connection: Connection) => void): Server };
  readonly process: Process;
}

/** Throws an Error where there is no Node. */
export function node(): Node {
  const fs = builtin<Files>("fs");
  const net = builtin<Node["net"]>("net");
  const process = builtin<Process>("process");
  if (fs && net && process) return { fs, net, process };
  throw new Error("a watched file, a signal and a socket need Node, Bun or Deno; call set() instead");
}
