/** What a project's program is made of, as far as it is the project's own. */
import { readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { settings } from "../transformer/host/settings.ts";
import { resolveOptions, type ResolvedOptions } from "../transformer/index.ts";
import { quickTest } from "../transformer/quick-test.ts";
import { listFiles, type Compiler } from "./compiler.ts";
import { pluginOptions } from "./tsconfig-file.ts";

export interface Sources {
  /** The project's tsconfig.json. */
  readonly config: string;
  readonly options: ResolvedOptions;
  /** The text of each file. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads what the compiler says belongs to a project. */
export function readSources(compiler: Compiler, config: string): Sources {
  const root = dirname(config);
  const own = listFiles(compiler, config).filter((file) => isBelow(root, file) && !file.endsWith(".d.ts"));
  const host = { cwd: root, production: process.env["NODE_ENV"] === "production" };
  return {
    config,
    options: resolveOptions(pluginOptions(config) ?? settings(root), host),
    texts: new Map(own.map((file) => [file, readFileSync(file, "utf8")])),
  };
}

/** Whether one of them may have a macro. */
export function nameUs({ options, texts }: Sources): boolean {
  return [...texts.values()].some((text) => quickTest(text, options.modules));
}

/** Whether a file is in a folder, and not in a package there. */
export function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== "" && !path.startsWith("..") && !/(^|[\\/])node_modules[\\/]/.test(path);
}
