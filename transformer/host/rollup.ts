/** `import dtracing from "dtracing/rollup"`: the plugin for Rollup. */
import type { Plugin } from "rollup";
import type { Options } from "../index.ts";
import { makeBuild } from "./build.ts";
import { rewriting, writeBundle } from "./rollup-hooks.ts";
import { sourceFile } from "./source-files.ts";

const plugin = (options?: Options): Plugin => {
  const build = makeBuild(options);
  return {
    name: "dtracing",
    transform: rewriting(build, sourceFile),
    writeBundle: (output, bundle) => writeBundle(build, output, bundle),
  };
};
export default plugin;
