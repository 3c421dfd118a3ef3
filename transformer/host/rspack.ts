/** `import dtracing from "dtracing/rspack"`: the plugin for Rspack. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["rspack"] = dtracing.rspack;
export default plugin;
