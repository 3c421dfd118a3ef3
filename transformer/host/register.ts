/** `node --import dtracing/register app.js`: transforms files as Node loads them. */
import module from "node:module";
import { processRewriter, rewriteFile, rewriteLoaded, type Loaded } from "./load.ts";

type SyncLoad = (url: string, context: object, nextLoad: (url: string, context: object) => Loaded) => Loaded;

interface CommonJsModule {
  _compile(this: unknown, code: string, file: string, ...rest: unknown[]): unknown;
}
type Extension = (this: unknown, module: CommonJsModule, file: string) => unknown;

/** Parts of node:module that are newer than its oldest version we run on, or not declared. */
const { registerHooks, _extensions: extensions } = module as unknown as {
  readonly registerHooks?: (hooks: { load: SyncLoad }) => void;
  readonly _extensions: Record<string, Extension>;
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
  if (registerHooks !== undefined) {
    registerHooks({ load: (url, context, nextLoad) => rewriteLoaded(rewrite, url, nextLoad(url, context)) });
    return;
  }
  module.register("./register-hooks.js", import.meta.url);
  // What is required does not pass the hook. Other tools' handlers for .ts files end in the one for .js.
  const inner = extensions[".js"]!;
  extensions[".js"] = function (this: unknown, required, file) {
    const compile = required._compile;
    required._compile = function (this: unknown, code, path, ...rest) {
      required._compile = compile;
      return compile.call(this, rewriteFile(rewrite, code, path) ?? code, path, ...rest);
    };
    return inner.call(this, required, file);
  };
}

/** A loader that is registered first hands us lowered code, in which nothing is where it was written. */
function tellOrder(): void {
  const words = process.execArgv.join(" ");
  const first = ["tsx", "ts-node", "@swc-node/register", "esbuild-register"].find((name) => {
    const at = words.search(new RegExp(`(^|[\\s=])${name}(?=$|[\\s/])`));
    return at >= 0 && at < words.search(/dtracing[\\/]register/);
  });
  if (first === undefined) return;
  process.stderr.write(
    `dtracing: ${first} is registered before dtracing/register, so nothing is transformed; ` +
      `write node --import dtracing/register --import ${first} …\n`,
  );
}
