/** What Rollup, Rolldown and Vite have in common. */
import { dirname, resolve } from "node:path";
import { originalPositionFor, TraceMap, type SourceMapInput } from "@jridgewell/trace-mapping";
import type { EditedText, Options, Origin } from "../index.ts";
import { makeBuild, type Build } from "./build.ts";
import { tell, type Listener } from "./listener.ts";
import { excluded, sourceFile } from "./source-files.ts";

/** What another plugin made of a component: the lines of its script are not those of the file. */
const component = /\.(?:vue|svelte|astro)(?:$|\?)/;

/** What is said of an output that was written. */
interface Output {
  readonly dir?: string | undefined;
  readonly file?: string | undefined;
}

type Bundle = Readonly<Record<string, object>>;

interface RollupPlugin {
  readonly name: string;
  readonly transform: TransformHook;
  writeBundle(output: Output, bundle: Bundle): void;
}

interface TransformHook {
  readonly filter: { readonly id: { readonly include: RegExp; readonly exclude: RegExp[] }; readonly code: RegExp };
  handler(this: Listener, code: string, id: string): EditedText | null;
}

/** All of it for Rollup and Rolldown. */
export function rollupPlugin(options?: Options): RollupPlugin {
  const build = makeBuild(options);
  return {
    name: "dtracing",
    transform: rewriting(build, sourceFile),
    writeBundle: (output, bundle) => writeBundle(build, output, bundle),
  };
}

/** Rewrites the files whose ids a pattern matches. */
export function rewriting(build: Build, include: RegExp): TransformHook {
  return {
    filter: { id: { include, exclude: excluded }, code: build.naming },
    handler(code, id) {
      // Rollup before 4.38 and Vite before 6.3 know no filters
      if (!include.test(id) || excluded.some((pattern) => pattern.test(id))) return null;
      const origin = component.test(id) ? originOf(this) : undefined;
      return tell(this, build.rewrite(code, id, origin), code, id);
    },
  };
}

/** Where the text that a bundler hands over comes from. */
function originOf(context: object): Origin {
  const { getCombinedSourcemap } = context as { getCombinedSourcemap(): SourceMapInput };
  const map = new TraceMap(getCombinedSourcemap.call(context));
  return ({ line, column }) => {
    const found = originalPositionFor(map, { line, column: column - 1 });
    return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
  };
}

/** Writes the catalogue of the modules that were left in an output. */
export function writeBundle(build: Build, { dir, file }: Output, bundle: Bundle): void {
  const folder = dir ?? (file === undefined ? undefined : dirname(file));
  const chunks = Object.values(bundle);
  const ids = chunks.flatMap((chunk) => ("modules" in chunk ? Object.keys(chunk.modules as object) : []));
  if (folder !== undefined) build.writeCatalogue(resolve(folder), new Set(ids));
}
