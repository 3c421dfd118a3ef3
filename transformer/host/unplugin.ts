/** The one adapter behind every bundler's plugin: unplugin's conventions around the transformer and the text applier. */
import { dirname, join, resolve as absolute } from "node:path";
import { originalPositionFor, TraceMap, type SourceMapInput } from "@jridgewell/trace-mapping";
import {
  createUnplugin,
  type UnpluginBuildContext,
  type UnpluginContext,
  type UnpluginInstance,
  type UnpluginMessage,
} from "unplugin";
import {
  applyText,
  formatWithFrames,
  resolveOptions,
  transform,
  type Diagnostic,
  type Options,
  type Origin,
} from "../index.ts";
import { Collection, modulesOf, type Output } from "./collection.ts";
import { dump } from "./dump.ts";
import { packageFinder } from "./package.ts";
import { fingerprint, withInlineMap } from "./rewrite.ts";
import { dependency, sourceFile } from "./source-files.ts";

/** What another plugin made of a component: the lines of its script are not those of the file. */
const component = /\.(?:vue|svelte|astro)(?:$|\?)/;

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

/** The plugin for every bundler unplugin knows; each host takes its own from here. */
export const dtracing: UnpluginInstance<Options | undefined, false> = createUnplugin((given: Options | undefined) => {
  const collection = new Collection();
  const host = { cwd: process.cwd(), production: process.env["NODE_ENV"] === "production" };
  let options = resolveOptions(given, host);
  let forFile = packageFinder(options);
  let isForServers = false;

  function resolve(cwd: string, production: boolean, unbuilt = false): void {
    options = resolveOptions(given, { cwd, production, unbuilt });
    forFile = packageFinder(options);
  }

  /** Beside the output: the running program looks for its probes there. */
  function writeCatalogue(folder: string, ids?: ReadonlySet<string>): void {
    collection.write(folder, forFile(join(options.root, "package.json")), ids);
  }

  const writeBundle = ({ dir, file }: Output, bundle: Readonly<Record<string, object>>): void => {
    const folder = dir ?? (file === undefined ? undefined : dirname(file));
    if (folder !== undefined) writeCatalogue(absolute(folder), modulesOf(bundle));
  };

  function likeWebpack(compiler: WebpackLike): void {
    // Where no mode is given the build is a production one, with a warning.
    const production = (compiler.options.mode ?? "production") === "production";
    resolve(compiler.context, production);
    // A loader's options are no part of what these caches ask; their version is.
    const key = `dtracing ${fingerprint(given, { production })}`;
    const experimental = (compiler.options.experiments as { cache?: unknown } | undefined)?.cache;
    for (const cache of [compiler.options.cache, experimental] as (Cache | boolean | undefined)[]) {
      if (typeof cache === "object" && cache.type !== "memory") cache.version = `${cache.version ?? ""} ${key}`;
    }
    compiler.hooks.afterEmit.tap("dtracing", () => {
      if (compiler.platform.node) writeCatalogue(compiler.outputPath);
    });
  }

  return {
    name: "dtracing",
    // Before anything lowers the source: the `!` calls and the original positions are still there.
    enforce: "pre",
    vite: {
      configResolved(config) {
        resolve(config.root, config.isProduction, config.command === "serve");
        isForServers = Boolean(config.build.ssr);
      },
      writeBundle(output, bundle) {
        // Vite 5 knows no environments
        const { environment }: Partial<typeof this> = this;
        // what a browser loads has no use for probes
        if (environment ? environment.config.consumer === "server" : isForServers) writeBundle(output, bundle);
      },
    },
    rollup: { writeBundle },
    rolldown: { writeBundle },
    webpack(compiler) {
      likeWebpack(compiler);
    },
    rspack(compiler) {
      likeWebpack(compiler as unknown as WebpackLike);
    },
    transform: {
      filter: {
        // what begins with a null is a module that a plugin made up
        id: { include: sourceFile, exclude: [dependency, /^\0/] },
        code: new RegExp([...options.modules, "@instrument"].map(escape).join("|")),
      },
      handler(code, id) {
        const transformed = transform(code, id, forFile(id), component.test(id) ? originOf(this) : undefined);
        collection.set(id, transformed?.catalogue);
        if (transformed === null) return null;
        report(this, transformed.diagnostics, code, id);
        if (transformed.edits.length === 0) return null;
        const edited = applyText(code, transformed.edits, id);
        dump(id, edited.code);
        return readsInlineMaps(this) ? { ...edited, code: withInlineMap(edited.code, edited.map) } : edited;
      },
    },
  };
});

/** Rollup, Rolldown and Vite know where the text they hand over comes from. */
function originOf(context: object): Origin | undefined {
  const { getCombinedSourcemap } = context as { getCombinedSourcemap?(): SourceMapInput };
  const map = getCombinedSourcemap && new TraceMap(getCombinedSourcemap.call(context));
  return (
    map &&
    (({ line, column }) => {
      const found = originalPositionFor(map, { line, column: column - 1 });
      return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
    })
  );
}

/** esbuild-loader drops the map that webpack hands to it; esbuild itself reads one that ends the text. */
function readsInlineMaps(context: UnpluginBuildContext): boolean {
  const native = context.getNativeBuildContext?.();
  if (native?.framework !== "webpack" && native?.framework !== "rspack") return false;
  return (
    native.loaderContext?.loaders.some(({ path }: { readonly path: string }) => path.includes("esbuild-loader")) ===
    true
  );
}

/** Warnings pass; errors stop the build at the first one's place, with every message and its frame. */
function report(context: UnpluginContext, diagnostics: readonly Diagnostic[], code: string, id: string): void {
  for (const warning of diagnostics) if (warning.severity === "warning") context.warn(messageOf([warning], code, id));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) context.error(messageOf(errors, code, id));
}

/** The frames are part of the text: webpack shows no other, and Rollup and Vite one at the most. */
function messageOf(diagnostics: readonly Diagnostic[], code: string, id: string): UnpluginMessage {
  const message = formatWithFrames(diagnostics, code);
  const [first] = diagnostics;
  // Bundlers count columns from 0.
  return first === undefined
    ? { message }
    : { message, id, loc: { file: id, line: first.line, column: first.column - 1 } };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
