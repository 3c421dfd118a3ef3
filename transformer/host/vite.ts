/** `import dtracing from "dtracing/vite"`: the plugin for Vite. */
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

type Own = ReturnType<typeof dtracing.vite>;

/**
 * Two plugins: the second one gets components (Vue, Svelte, Astro) whose script was compiled into one module with the
 * template, where the first one, which comes before everything else, would have seen no script yet.
 */
const plugin = (options?: Options): [Own, Own] => {
  const own = dtracing.vite(options);
  const { transform } = own;
  if (typeof transform !== "object") throw new TypeError("unplugin makes no transform hook with a filter any more");
  const filter = { ...transform.filter, id: /\.(?:vue|svelte|astro)$/ };
  return [own, { name: "dtracing:components", enforce: "post", transform: { ...transform, filter } }];
};
export default plugin;
