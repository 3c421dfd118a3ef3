/** The plugin for bundlers that share nothing with others: unplugin's conventions around a build. */
import { createUnplugin, type UnpluginBuildContext, type UnpluginInstance } from "unplugin";
import type { Options } from "../index.ts";
import { makeBuild } from "./build.ts";
import { tell } from "./listener.ts";
import { fingerprint, withInlineMap } from "./rewrite.ts";
import { excluded, sourceFile } from "./source-files.ts";

interface Cache {
  readonly type?: string;
  version?: string;
}

/** What webpack and Rspack have in common, as far as it is used. */
interface WebpackLike {
  readonly context: string;
  readonly outputPath: string;
  readonly platform: { readonly node?: boolean | null };
  readonly options: {
    readonly mode?: string;
    readonly cache?: unknown;
    readonly experiments?: unknown;
  };
  readonly hooks: { readonly afterEmit: { tap(name: string, run: () => void): void } };
}

/** The plugin for webpack, Rspack, Farm and Bun; each takes its own from here. */
export const dtracing: UnpluginInstance<Options | undefined, false> = createUnplugin((given: Options | undefined) => {
  const build = makeBuild(given);

  function likeWebpack(compiler: WebpackLike): void {
    // Where no mode is given the build is a production one, with a warning.
    const production = (compiler.options.mode ?? "production") === "production";
    build.configure({ cwd: compiler.context, production });
    // A loader's options are no part of what these caches ask; their version is.
    const key = `dtracing ${fingerprint(given, { production })}`;
    const experimental = (compiler.options.experiments as { cache?: unknown } | undefined)?.cache;
    for (const cache of [compiler.options.cache, experimental] as (Cache | boolean | undefined)[]) {
      if (typeof cache === "object" && cache.type !== "memory") cache.version = `${cache.version ?? ""} ${key}`;
    }
    compiler.hooks.afterEmit.tap("dtracing", () => {
      if (compiler.platform.node) build.writeCatalogue(compiler.outputPath);
    });
  }

  return {
    name: "dtracing",
    // Before anything lowers the source: the `!` calls and the original positions are still there.
    enforce: "pre",
    webpack(compiler) {
      likeWebpack(compiler);
    },
    rspack(compiler) {
      likeWebpack(compiler as unknown as WebpackLike);
    },
    transform: {
      filter: { id: { include: sourceFile, exclude: excluded }, code: build.naming },
      handler(code, id) {
        const edited = tell(this, build.rewrite(code, id), code, id);
        return edited !== null && readsInlineMaps(this)
          ? { ...edited, code: withInlineMap(edited.code, edited.map) }
          : edited;
      },
    },
  };
});

/** esbuild-loader drops the map that webpack hands to it; esbuild itself reads one that ends the text. */
function readsInlineMaps(context: UnpluginBuildContext): boolean {
  const native = context.getNativeBuildContext?.();
  if (native?.framework !== "webpack" && native?.framework !== "rspack") return false;
  return (
    native.loaderContext?.loaders.some(({ path }: { readonly path: string }) => path.includes("esbuild-loader")) ===
    true
  );
}
