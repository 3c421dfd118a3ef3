/** `import dtracing from "dtracing/esbuild"`: the plugin for esbuild. */
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

/** A plugin as esbuild takes it; its own type would make esbuild a dependency. */
export interface EsbuildPlugin {
  readonly name: string;
  readonly setup: (build: any) => void | Promise<void>;
}

const plugin: (options?: Options) => EsbuildPlugin = dtracing.esbuild as (options?: Options) => EsbuildPlugin;
export default plugin;
