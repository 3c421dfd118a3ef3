/** `import dtracing from "dtracing/vite"`: the plugin for Vite, in build, ssr and dev. */
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

/** A plugin as Vite takes it; its own type would make Vite a dependency. */
export interface VitePlugin {
  readonly name: string;
}

const plugin: (options?: Options) => VitePlugin = dtracing.vite as (options?: Options) => VitePlugin;
export default plugin;
