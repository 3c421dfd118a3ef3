/** `import dtracing from "dtracing/rollup"`: the plugin for Rollup. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["rollup"] = dtracing.rollup;
export default plugin;
