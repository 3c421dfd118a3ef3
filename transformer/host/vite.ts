/** `import dtracing from "dtracing/vite"`: the plugin for Vite. */
import type { Plugin } from "vite";
import type { Options } from "../index.ts";
import { makeBuild } from "./build.ts";
import { rewriting, writeBundle } from "./rollup-hooks.ts";
import { sourceFile } from "./source-files.ts";

/**
 * Two plugins: the second one gets components (Vue, Svelte, Astro) whose script was compiled into one module with the
 * template, where the first one, which comes before everything else, would have seen no script yet.
 */
const plugin = (options?: Options): [Plugin, Plugin] => {
  const build = makeBuild(options);
  let isForServers = false;
  return [
    {
      name: "dtracing",
      // Before anything lowers the source: the `!` calls and the original positions are still there.
      enforce: "pre",
      configResolved({ root, isProduction, command, build: { ssr } }) {
        build.configure({ cwd: root, production: isProduction, unbuilt: command === "serve" });
        isForServers = Boolean(ssr);
      },
      transform: rewriting(build, sourceFile),
      writeBundle(output, bundle) {
        // Vite 5 knows no environments
        const { environment }: Partial<typeof this> = this;
        // what a browser loads has no use for probes
        if (environment ? environment.config.consumer === "server" : isForServers) writeBundle(build, output, bundle);
      },
    },
    { name: "dtracing:components", enforce: "post", transform: rewriting(build, /\.(?:vue|svelte|astro)$/) },
  ];
};
export default plugin;
