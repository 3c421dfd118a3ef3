/** `import dtracing from "dtracing/rolldown"`: the plugin for Rolldown. */
import type { UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

const plugin: UnpluginInstance<Options | undefined, false>["rolldown"] = dtracing.rolldown;
export default plugin;
