/** `import dtracing from "dtracing/bun"`: the plugin for `Bun.build`. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["bun"] = dtracing.bun;
export default plugin;
