/** What both kinds of load hook do with a file. */
import { fileURLToPath } from "node:url";
import { resolveOptions } from "../index.ts";
import { packageFinder } from "./package.ts";
import { rewriter, withInlineMap, type Rewrite } from "./rewrite.ts";
import { settings } from "./settings.ts";
import { dependency } from "./source-files.ts";

/** What a load hook answers. */
export interface Loaded {
  readonly format?: string | null | undefined;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

const formats = ["module", "commonjs", "module-typescript", "commonjs-typescript"];

/** The rewriter of this process; files are transformed as they are loaded, so their probes are in the cache. */
export function processRewriter(): Rewrite {
  const cwd = process.cwd();
  const host = { cwd, production: process.env["NODE_ENV"] === "production", unbuilt: true };
  return rewriter(packageFinder(resolveOptions(settings(cwd), host)), (text) => process.stderr.write(`${text}\n`));
}

/** The text of a user's file, with its map inline; `undefined`: nothing to do. */
export function rewriteFile(rewrite: Rewrite, code: string, file: string): string | undefined {
  if (dependency.test(file)) return undefined;
  const edited = rewrite(code, file);
  return edited && withInlineMap(edited.code, edited.map);
}

/** The loaded module rewritten, or as it came. */
export function rewriteLoaded<Answer extends Loaded>(rewrite: Rewrite, url: string, loaded: Answer): Answer {
  const { format, source } = loaded;
  if (!url.startsWith("file:") || !formats.includes(format ?? "") || source === null || source === undefined) {
    return loaded;
  }
  const code = typeof source === "string" ? source : new TextDecoder().decode(source);
  const rewritten = rewriteFile(rewrite, code, fileURLToPath(url.replace(/[?#].*$/, "")));
  return rewritten === undefined ? loaded : { ...loaded, source: rewritten };
}
