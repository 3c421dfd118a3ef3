/** `dtracing tsc`: builds with a compiler that has no plugins, TypeScript 7. */
import { readdirSync, statSync, watch } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { findCompiler, run, type Compiler, type Run } from "./compiler.ts";
import { counted } from "./counted.ts";
import { makeShadow, type Shadow } from "./shadow.ts";
import { nameUs, readSources, type Sources } from "./sources.ts";
import { compilerOption, configFile, readJson, type TsConfig } from "./tsconfig-file.ts";

export const help = `dtracing tsc [-p <project> | -b [<project>]] [--watch] [--timing] [any option of tsc]

Builds with the project's own TypeScript, whatever its version, 7 included. It checks your files and writes the
declarations; beside that it compiles the transformed files, with source maps that lead to yours.

  -p, --project  the project; by default the folder you are in
  -b, --build    the project and the ones it references
  -w, --watch    again whenever a file changes
  --timing       say what was done, and how long it took beside plain tsc

Options of dtracing are those of the entry in tsconfig.json, as for tspc:
  { "compilerOptions": { "plugins": [{ "transform": "dtracing/ts-transformer", "maxLevel": "info" }] } }
or of the key "dtracing" in package.json.`;

interface Arguments {
  readonly project: string;
  readonly build: boolean;
  readonly watch: boolean;
  readonly timing: boolean;
  /** What only the compiler understands. */
  readonly rest: readonly string[];
}

export async function tsc(given: readonly string[]): Promise<void> {
  const options = read(given);
  const file = configFile(options.project);
  const compiler = findCompiler(dirname(file));
  if (!options.watch) {
    process.exitCode = await build(compiler, file, options);
    return;
  }
  let building = Promise.resolve();
  // The second tree is removed before the process ends; its compiler got the signal too.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void building.finally(() => process.exit(130)));
  let waiting: NodeJS.Timeout | undefined;
  const watched = new Set<string>();
  const again = async (): Promise<void> => {
    for (const config of projectsOf(file, options)) for (const folder of foldersOf(config)) follow(config, folder);
    const status = await build(compiler, file, options);
    console.log(`dtracing: built with status ${status}, waiting for changes`);
  };
  const start = (): void => void (building = building.then(again));
  const follow = (config: string, folder: string): void => {
    if (watched.has(folder)) return;
    watched.add(folder);
    const watcher = watch(folder, (_, name) => {
      if (name === null || !isSource(config, join(folder, name))) return;
      clearTimeout(waiting);
      waiting = setTimeout(start, 100);
    });
    watcher.on("error", () => watched.delete(folder));
  };
  start();
  await building;
}

/** The folders that can hold sources. A recursive watch would go through node_modules as well, and follow links. */
function* foldersOf(config: string, folder: string = dirname(config)): Generator<string> {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && isSource(config, path)) yield* foldersOf(config, path);
  }
}

/** Whether a file or folder is not what a build wrote there, or packages. */
function isSource(config: string, path: string): boolean {
  const name = basename(path);
  if (name === "node_modules" || name.startsWith(".") || /\.d\.[cm]?ts$|callsites\.json$/.test(name)) return false;
  const { value, folder } = compilerOption(config, "outDir");
  if (typeof value === "string" && !relative(resolve(folder, value), path).startsWith("..")) return false;
  return /\.([cm]?tsx?|json)$/.test(name) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The status of the compiler, or 1 for a mistake in a macro. */
async function build(compiler: Compiler, file: string, options: Arguments): Promise<number> {
  const started = performance.now();
  const declares = ["declaration", "composite"].some((name) => compilerOption(file, name).value === true);
  const mode = declares || (options.build && references(file).length > 0) ? "--emitDeclarationOnly" : "--noEmit";
  const isStrict = options.build || compilerOption(file, "noEmitOnError").value === true;
  const shadows: Shadow[] = [];
  let check: Run | undefined;
  try {
    if (options.build) {
      // A project that needs another one's declarations has them only when that is built.
      check = run(compiler, ["-b", file, mode, ...options.rest]);
      if ((await check.status) !== 0) return await check.status;
      for (const project of projectsOf(file, options)) shadows.push(shadowOf(compiler, readSources(compiler, project)));
    } else {
      const sources = readSources(compiler, file);
      // while the compiler checks, we transform
      if (nameUs(sources)) check = run(compiler, ["-p", file, mode, ...options.rest]);
      const shadow = shadowOf(compiler, sources);
      shadows.push(shadow);
      if (check === undefined) {
        const { status } = run(compiler, ["-p", file, ...options.rest]);
        await status;
        shadow.deliver();
        return status;
      }
    }
    const emitted: number[] = [];
    for (const shadow of shadows) {
      if (shadow.files > 0) shadow.write();
      emitted.push(shadow.files === 0 ? 0 : await run(compiler, ["-p", shadow.config]).status);
    }
    const checked = await check.status;
    if (checked !== 0 && isStrict) return checked;
    for (const [index, shadow] of shadows.entries()) if (emitted[index] === 0) shadow.deliver();
    if (options.timing) tell(compiler, shadows, check.milliseconds(), performance.now() - started);
    return emitted.find((status) => status !== 0) ?? checked;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    console.error(error.message);
    check?.stop();
    return 1;
  } finally {
    await check?.status;
    for (const shadow of shadows) shadow.remove();
  }
}

function tell({ version }: Compiler, shadows: readonly Shadow[], check: number, all: number): void {
  for (const { root, files, changed } of shadows)
    console.log(`dtracing: ${relative(".", root) || "."}: ${counted(files, "file")}, ${changed} transformed`);
  console.log(
    `dtracing: TypeScript ${version} checked in ${check.toFixed(0)} ms; with ours ${all.toFixed(0)} ms, ` +
      `${(all / check).toFixed(2)} times as long`,
  );
}

function projectsOf(file: string, { build: isBuild }: Arguments): readonly string[] {
  return isBuild ? [...references(file), file] : [file];
}

/** The projects that one references, each after those it needs itself. */
function references(file: string): readonly string[] {
  const { references: own = [] } = readJson(file) as TsConfig;
  const paths = own.map(({ path }) => configFile(resolve(dirname(file), path)));
  return [...new Set(paths.flatMap((path) => [...references(path), path]))];
}

/** The transformed sources of a project. Throws a `SyntaxError` for a mistake in a macro. */
function shadowOf({ version }: Compiler, sources: Sources): Shadow {
  return makeShadow(sources, Number.parseInt(version, 10), (text) => console.error(text));
}

function read(given: readonly string[]): Arguments {
  const rest: string[] = [];
  let project = ".";
  const flags = { build: false, watch: false, timing: false };
  for (let at = 0; at < given.length; at++) {
    const word = given[at]!;
    if (word === "-p" || word === "--project") project = given[++at] ?? ".";
    else if (word === "-w" || word === "--watch") flags.watch = true;
    else if (word === "--timing") flags.timing = true;
    else if (word === "-b" || word === "--build") {
      flags.build = true;
      if (given[at + 1] !== undefined && !given[at + 1]!.startsWith("-")) project = given[++at]!;
    } else rest.push(word);
  }
  return { project, ...flags, rest };
}
