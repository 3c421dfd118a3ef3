/** What there is in the user's project: its packages, its configurations, its sources. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { settings } from "../transformer/host/settings.ts";
import { Failure } from "./failure.ts";
import { pluginOptions } from "./tsconfig-file.ts";

export interface Manifest {
  readonly name?: string;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly jest?: object;
}

export interface Project {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Names of files in the folder itself. */
  readonly files: readonly string[];
}

export function readProject(folder: string): Project {
  const file = join(folder, "package.json");
  if (!existsSync(file)) throw new Failure(`there is no package.json in ${folder}`);
  try {
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    return { folder, manifest, files: readdirSync(folder).toSorted() };
  } catch (error) {
    throw new Failure(`${file}: ${(error as Error).message}`);
  }
}

/** The configuration of a tool, as `vite.config.ts`. */
export function configOf({ files }: Project, tool: string): string | undefined {
  return files.find((name) => new RegExp(`^${tool}\\.config\\.[cm]?[jt]s$`).test(name));
}

export function depends({ manifest }: Project, name: string): boolean {
  return manifest.dependencies?.[name] !== undefined || manifest.devDependencies?.[name] !== undefined;
}

/** The installed version of a package, or what package.json asks for. */
export function versionOf({ folder, manifest }: Project, name: string): string | undefined {
  for (const base of createRequire(join(folder, "package.json")).resolve.paths(name) ?? []) {
    const file = join(base, name, "package.json");
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  }
  const range = manifest.devDependencies?.[name] ?? manifest.dependencies?.[name];
  return /\d+(\.\d+)*/.exec(range ?? "")?.[0];
}

/** The plugin's options, where they are data: in tsconfig.json, or in package.json. */
export function optionsOf(folder: string): unknown {
  const tsconfig = join(folder, "tsconfig.json");
  return (existsSync(tsconfig) ? pluginOptions(tsconfig) : undefined) ?? settings(folder);
}

const skipped = /^(node_modules|dist.*|out|build|coverage|\..*)$/;

/** Files of the project below a folder, without packages and without what builds write. */
export function* walk(folder: string, skip: RegExp = skipped): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skip.test(entry.name)) yield* walk(path, skip);
    } else yield path;
  }
}
