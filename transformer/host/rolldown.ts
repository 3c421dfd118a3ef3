/** `import dtracing from "dtracing/rolldown"`: the plugin for Rolldown. */
import type { Plugin } from "rolldown";
import type { Options } from "../index.ts";
import { rollupPlugin } from "./rollup-hooks.ts";

const plugin: (options?: Options) => Plugin = rollupPlugin;
export default plugin;
