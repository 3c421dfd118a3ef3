/** `export default withDtracing(nextConfig, options)` in next.config: the loader for Turbopack and for webpack. */
import { resolveOptions, type Options } from "../index.ts";
import type { LoaderOptions } from "./loader.ts";
import { version } from "./rewrite.ts";
import { dependency } from "./source-files.ts";

/** The parts of a Next configuration that are added to; Next's own types would make it a dependency. */
interface NextConfig {
  readonly turbopack?: { readonly rules?: object } | undefined;
  readonly webpack?: ((config: never, context: never) => unknown) | null | undefined;
}

interface WebpackConfig {
  readonly module: { readonly rules: object[] };
}

// Exact globs: Turbopack asks a loader to name the language of what it returns where a glob holds several.
const globs = ["*.ts", "*.tsx", "*.mts", "*.cts", "*.js", "*.jsx", "*.mjs", "*.cjs"];

/** Adds the loader to a Next configuration. */
export function withDtracing<Config extends object>(config?: Config, options: Options = {}): Config {
  const production = process.env["NODE_ENV"] === "production";
  // A mistake in the options is told here, once, and not for every file.
  resolveOptions(options, { cwd: process.cwd(), production });
  // All that changes the output is in the options: Turbopack's cache sees neither the environment nor our files.
  const given: LoaderOptions = { root: process.cwd(), ...options, production, cacheVersion: version };
  const loaders = [{ loader: "dtracing/loader", options: given }];
  const { turbopack, webpack } = (config ?? {}) as NextConfig;
  const rules = Object.fromEntries(globs.map((glob) => [glob, { condition: { not: "foreign" }, loaders }]));
  return {
    ...config,
    turbopack: { ...turbopack, rules: { ...rules, ...turbopack?.rules } },
    webpack(webpackConfig: never, context: never) {
      const own = { test: /\.[cm]?[jt]sx?$/, exclude: dependency, enforce: "pre", use: loaders };
      const changed = (webpack?.(webpackConfig, context) ?? webpackConfig) as WebpackConfig;
      changed.module.rules.push(own);
      return changed;
    },
  } as unknown as Config;
}

export default withDtracing;
