/** `import dtracing from "dtracing/webpack"`: the plugin for webpack. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["webpack"] = dtracing.webpack;
export default plugin;
