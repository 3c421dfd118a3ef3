/** The one place that knows where the program runs. Everything is looked up when it is needed, nothing at load. */

interface Host {
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly getBuiltinModule?: (id: string) => unknown;
  };
  readonly console?: Readonly<Record<"error" | "warn" | "info" | "debug", (...values: unknown[]) => void>>;
  readonly performance?: { readonly timeOrigin: number; now(): number };
  readonly TextEncoder?: new () => {
    encode(text: string): Uint8Array;
    encodeInto(text: string, to: Uint8Array): { readonly written: number };
  };
  readonly TextDecoder?: new (encoding: string, options: object) => { decode(bytes: Uint8Array): string };
  readonly Buffer?: { from(memory: ArrayBufferLike): NodeBuffer };
}

/** Node's view of memory, which copies long strings several times as fast as a loop. */
export interface NodeBuffer {
  write(text: string, at: number): number;
  toString(encoding: "utf8", from: number, to: number): string;
}

/** The globals that exist on some platforms only, typed as such. */
export const host: Host = globalThis as Host;

/** The parts of `AsyncLocalStorage` that the context uses. */
export interface Storage<T> {
  getStore(): T | undefined;
  run<R>(store: T | undefined, f: () => R): R;
  enterWith(store: T | undefined): void;
}

/** The parts of `node:fs` that the runtime uses. */
export interface FileSystem {
  writeSync(fd: number, bytes: Uint8Array, offset: number, length?: number): number;
  readFileSync(path: string, encoding: "utf8"): string;
}

/** A Node built-in module (Node, Bun, Deno), `undefined` elsewhere; no import, so that bundlers and browsers see nothing. */
export function builtin<T>(name: string): T | undefined {
  try {
    return host.process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
  } catch {
    return undefined;
  }
}

/** An environment variable; `undefined` where there is no environment or it may not be read. */
export function environment(name: string): string | undefined {
  try {
    return host.process?.env?.[name];
  } catch {
    return undefined;
  }
}

/** A new AsyncLocalStorage, where the platform has one. */
export function storage<T>(): Storage<T> | undefined {
  const hooks = builtin<{ AsyncLocalStorage?: new () => Storage<T> }>("async_hooks");
  return hooks?.AsyncLocalStorage && new hooks.AsyncLocalStorage();
}
