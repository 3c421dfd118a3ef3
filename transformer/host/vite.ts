/** `import dtracing from "dtracing/vite"`: the plugin for Vite. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["vite"] = dtracing.vite;
export default plugin;
