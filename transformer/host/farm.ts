/** `import dtracing from "dtracing/farm"`: the plugin for Farm. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["farm"] = dtracing.farm;
export default plugin;
