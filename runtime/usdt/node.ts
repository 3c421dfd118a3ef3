/** The parts of Node that the provider uses: looked up when needed, so that no `node:` import is in the runtime. */
import { builtin } from "../platform.ts";

export interface Process {
  readonly arch: string;
  readonly platform: string;
  readonly pid: number;
  readonly argv: readonly string[];
  dlopen(module: { exports: object }, file: string): void;
  once(event: "exit", f: () => void): void;
  getuid?(): number;
}

export interface Files {
  readdirSync(folder: string): readonly string[];
  readFileSync(file: string, encoding: "utf8"): string;
  realpathSync(file: string): string;
  existsSync(file: string): boolean;
  mkdirSync(folder: string, options: { readonly recursive: true; readonly mode: number }): void;
  statSync(file: string): { readonly uid: number; readonly mode: number };
  writeFileSync(file: string, bytes: Uint8Array, options: { readonly mode: number }): void;
  renameSync(from: string, to: string): void;
}

export interface Paths {
  dirname(path: string): string;
  join(...parts: string[]): string;
}

interface Node {
  readonly process: Process;
  readonly fs: Files;
  readonly path: Paths;
}

let found: Node | undefined;

/** `undefined` where there is no Node, or none with `process.getBuiltinModule`. */
export function node(): Node | undefined {
  return (found ??= look());
}

function look(): Node | undefined {
  const process = builtin<Process>("process");
  const fs = builtin<Files>("fs");
  const path = builtin<Paths>("path");
  return process && fs && path && { process, fs, path };
}

/** The path of a `file:` URL; a path stays what it is. */
export function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  return builtin<{ fileURLToPath(url: string): string }>("url")?.fileURLToPath(file) ?? file;
}

/** 0 in the main thread. */
export function threadId(): number {
  return builtin<{ threadId: number }>("worker_threads")?.threadId ?? 0;
}
