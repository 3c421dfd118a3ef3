/** `import dtracing from "dtracing/rollup"`: the plugin for Rollup. */
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

/** A plugin as Rollup takes it; its own type would make Rollup a dependency. */
export interface RollupPlugin {
  readonly name: string;
}

const plugin: (options?: Options) => RollupPlugin = dtracing.rollup as (options?: Options) => RollupPlugin;
export default plugin;
