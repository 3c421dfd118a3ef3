/** `import dtracing from "dtracing/esbuild"`: the plugin for esbuild. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["esbuild"] = dtracing.esbuild;
export default plugin;
