/** `import dtracing from "dtracing/rollup"`: the plugin for Rollup. */
import type { Plugin } from "rollup";
import type { Options } from "../index.ts";
import { rollupPlugin } from "./rollup-hooks.ts";

const plugin: (options?: Options) => Plugin = rollupPlugin;
export default plugin;
