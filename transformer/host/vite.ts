/** `import dtracing from "dtracing/vite"`: the plugin for Vite. */
import type { Options } from "../index.ts";
import { dtracing } from "./unplugin.ts";

type Own = ReturnType<typeof dtracing.vite>;

const component = /\.(?:vue|svelte|astro)$/;

/**
 * Two plugins: the second one gets components (Vue, Svelte, Astro) whose script was compiled into one module with the
 * template, where the first one, which comes before everything else, would have seen no script yet.
 */
const plugin = (options?: Options): [Own, Own] => {
  const own = dtracing.vite(options);
  const { transform } = own;
  if (typeof transform !== "object") throw new TypeError("unplugin makes no transform hook with a filter any more");
  const { handler } = transform;
  const components: typeof transform = {
    ...transform,
    filter: { ...transform.filter, id: component },
    // Vite before 6.3 does not know filters, and would hand over every module once more, compiled.
    handler(code, id, ...rest) {
      return component.test(id) ? handler.call(this, code, id, ...rest) : undefined;
    },
  };
  return [own, { name: "dtracing:components", enforce: "post", transform: components }];
};
export default plugin;
