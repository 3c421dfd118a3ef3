/** `node --import dtracing/register app.js`: transforms files as Node loads them. */
import fs from "node:fs";
import module from "node:module";
import { processRewriter, rewriteFile, rewriteLoaded, type Loaded } from "./load.ts";
import type { Rewrite } from "./rewrite.ts";

type SyncLoad = (url: string, context: object, nextLoad: (url: string, context: object) => Loaded) => Loaded;

/** Parts of node:module that are newer than its oldest version we run on, or not declared. */
const { registerHooks, prototype } = module as unknown as {
  readonly registerHooks?: (hooks: { load: SyncLoad }) => void;
  readonly prototype: {
    load(this: unknown, file: string): unknown;
    _compile(this: unknown, code: string, file: string, ...rest: unknown[]): unknown;
  };
};

const once = Symbol.for("dtracing.register");
const shared = globalThis as { [once]?: true };
if (shared[once] === undefined) {
  shared[once] = true;
  register();
}

function register(): void {
  tellOrder();
  const rewrite = processRewriter();
  if (registerHooks === undefined) module.register("./register-hooks.js", import.meta.url);
  else registerHooks({ load: (url, context, nextLoad) => rewriteLoaded(rewrite, url, nextLoad(url, context)) });
  rewriteRequired(rewrite);
}

/**
 * What is required does not always pass such a hook. Its handler, Node's own or that of tsx or ts-node, reads the file once,
 * with `readFileSync`, whoever came first: there it gets the rewritten text.
 */
function rewriteRequired(rewrite: Rewrite): void {
  const loading = new Set<unknown>();
  const { load, _compile: compile } = prototype;
  prototype.load = function (file) {
    loading.add(file);
    try {
      return load.call(this, file);
    } finally {
      loading.delete(file);
    }
  };
  // What is imported was read already, to find its exports.
  prototype._compile = function (code, file, ...rest) {
    const rewritten = /\.c?js$/.test(file) ? rewriteFile(rewrite, code, file) : undefined;
    return compile.call(this, rewritten ?? code, file, ...rest);
  };
  const { readFileSync } = fs;
  fs.readFileSync = function (path: unknown, ...rest: unknown[]) {
    const read: unknown = (readFileSync as (...all: unknown[]) => unknown).call(fs, path, ...rest);
    if (!loading.delete(path) || typeof read !== "string" || !/\.[cm]?[jt]sx?$/.test(path as string)) return read;
    return rewriteFile(rewrite, read, path as string) ?? read;
  } as typeof readFileSync;
}

/** A loader that is registered first hands us lowered code, in which nothing is where it was written. */
function tellOrder(): void {
  const words = process.execArgv.join(" ");
  const first = ["tsx", "ts-node", "@swc-node/register", "esbuild-register"].find((name) => {
    const at = words.search(new RegExp(`(^|[\\s=]|node_modules[\\\\/])${name}(?=$|[\\s\\\\/])`));
    return at >= 0 && at < words.search(/dtracing[\\/]register/);
  });
  if (first === undefined) return;
  process.stderr.write(
    `dtracing: ${first} is registered before dtracing/register, so nothing is transformed; ` +
      `write node --import dtracing/register --import ${first} …\n`,
  );
}
