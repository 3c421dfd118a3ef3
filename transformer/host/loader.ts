/** `{ loader: "dtracing/loader", options }`: a loader for webpack, Rspack, Turbopack and what follows their interface. */
import { resolveOptions, type Options } from "../index.ts";
import { packageFinder } from "./package.ts";
import { rewriter, type Rewrite } from "./rewrite.ts";

/** The plugin's options, and what the host decided; all of it is JSON, because Turbopack passes nothing else. */
export interface LoaderOptions extends Options {
  /** Default: the host's mode. */
  readonly production?: boolean;
  /** Anything that makes a host's cache forget: `withDtracing` puts our version here. */
  readonly cacheVersion?: string;
}

/** The part of webpack's loader context that is used; Turbopack has no more. */
interface LoaderContext {
  readonly resourcePath: string;
  readonly resourceQuery?: string;
  readonly rootContext?: string;
  readonly mode?: string;
  getOptions(): LoaderOptions;
  emitWarning?(warning: Error): void;
  callback(error: Error | null, code?: string, map?: unknown): void;
}

const rewriters = new Map<string, Rewrite>();

/** A loader is called with its context as `this`. */
const loader: (this: LoaderContext, code: string, map?: unknown) => void = function (code, map) {
  const { production, cacheVersion: _, ...options } = this.getOptions();
  const host = {
    cwd: this.rootContext ?? process.cwd(),
    production: production ?? (this.mode ?? process.env["NODE_ENV"]) === "production",
    unbuilt: true,
  };
  const key = JSON.stringify([options, host]);
  try {
    let rewrite = rewriters.get(key);
    if (rewrite === undefined) {
      rewrite = rewriter(packageFinder(resolveOptions(options, host)), (text) => this.emitWarning?.(new Error(text)));
      rewriters.set(key, rewrite);
    }
    const edited = rewrite(code, this.resourcePath + (this.resourceQuery ?? ""));
    if (edited === undefined) this.callback(null, code, map);
    else this.callback(null, edited.code, edited.map);
  } catch (error) {
    this.callback(error as Error);
  }
};
export default loader;
