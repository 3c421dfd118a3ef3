/** `dtracing tsc`: builds with a compiler that has no plugins, TypeScript 7. */
import { spawnSync } from "node:child_process";
import { readFileSync, watch } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { settings } from "../transformer/host/settings.ts";
import { Failure } from "./failure.ts";
import { makeShadow } from "./shadow.ts";
import { compilerOption, configFile, pluginOptions, readJson, type TsConfig } from "./tsconfig-file.ts";

export const help = `dtracing tsc [-p <project> | -b [<project>]] [--watch] [--timing] [any option of tsc]

Builds with the project's own TypeScript, whatever its version, 7 included. It checks your files and writes the
declarations; then it compiles the transformed files, with source maps that lead to yours.

  -p, --project  the project; by default the folder you are in
  -b, --build    the project and the ones it references
  -w, --watch    again whenever a file changes
  --timing       say what was done, and how long it took beside plain tsc

Options of dtracing are those of the entry in tsconfig.json, as for tspc:
  { "compilerOptions": { "plugins": [{ "transform": "dtracing/ts-transformer", "maxLevel": "info" }] } }
or of the key "dtracing" in package.json.`;

interface Compiler {
  readonly script: string;
  readonly version: string;
}

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
    process.exitCode = build(compiler, file, options);
    return;
  }
  let waiting: NodeJS.Timeout | undefined;
  const again = (): void => {
    const status = build(compiler, file, options);
    console.log(`dtracing: built with status ${status}, waiting for changes`);
  };
  again();
  watch(dirname(file), { recursive: true }, (_, name) => {
    if (name === null || !/\.([cm]?tsx?|json)$/.test(name) || /(^|[\\/])(node_modules|\.dtracing-\d+)[\\/]/.test(name))
      return;
    if (/\.d\.[cm]?ts$|\.tsbuildinfo|callsites\.json$/.test(name) || isOutput(file, name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(again, 100);
  });
}

function isOutput(file: string, name: string): boolean {
  const { value, folder } = compilerOption(file, "outDir");
  return typeof value === "string" && !relative(resolve(folder, value), join(dirname(file), name)).startsWith("..");
}

/** The status of the compiler, or 1 for a mistake in a macro. */
function build(compiler: Compiler, file: string, options: Arguments): number {
  const started = performance.now();
  const isDeclaring = [file].some((one) =>
    ["declaration", "composite"].some((name) => compilerOption(one, name).value === true),
  );
  const mode = options.build || isDeclaring ? "--emitDeclarationOnly" : "--noEmit";
  // Build mode refuses to declare where nothing is declared.
  const checked = options.build
    ? run(compiler, [
        "-b",
        file,
        ...(isDeclaring || references(file).length > 0 ? [mode] : ["--noEmit"]),
        ...options.rest,
      ])
    : run(compiler, ["-p", file, mode, ...options.rest]);
  const failed = checked !== 0;
  if (failed && (options.build || compilerOption(file, "noEmitOnError").value === true)) return checked;
  const between = performance.now();
  const projects = options.build ? [...references(file), file] : [file];
  let status = checked;
  for (const project of projects) status = emit(compiler, project, options) || status;
  if (options.timing) {
    const [check, all] = [between - started, performance.now() - started];
    console.log(
      `dtracing: TypeScript ${compiler.version} checked in ${check.toFixed(0)} ms; with ours ${all.toFixed(0)} ms, ` +
        `${(all / check).toFixed(2)} times as long`,
    );
  }
  return status;
}

/** The projects that one references, each after those it needs itself. */
function references(file: string): readonly string[] {
  const { references: own = [] } = readJson(file) as TsConfig;
  const paths = own.map(({ path }) => configFile(resolve(dirname(file), path)));
  return [...new Set(paths.flatMap((path) => [...references(path), path]))];
}

function emit(compiler: Compiler, file: string, options: Arguments): number {
  const root = dirname(file);
  const listed = spawnSync(process.execPath, [compiler.script, "-p", file, "--listFilesOnly"], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  const files = listed.stdout.split(/\r?\n/).filter((line) => line !== "" && /\.([cm]?[jt]sx?|json)$/.test(line));
  const given = pluginOptions(file) ?? settings(root);
  let shadow;
  try {
    shadow = makeShadow(file, files, given, Number.parseInt(compiler.version, 10), (text) => console.error(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    console.error(error.message);
    return 1;
  }
  try {
    if (shadow.files === 0) return 0;
    const status = run(compiler, ["-p", shadow.config]);
    if (status === 0) shadow.deliver();
    if (options.timing)
      console.log(`dtracing: ${relative(".", file)}: ${shadow.files} files, ${shadow.changed} transformed`);
    return status;
  } finally {
    shadow.remove();
  }
}

function run(compiler: Compiler, given: readonly string[]): number {
  return spawnSync(process.execPath, [compiler.script, ...given], { stdio: "inherit" }).status ?? 1;
}

function findCompiler(folder: string): Compiler {
  try {
    const path = createRequire(join(folder, "package.json")).resolve("typescript/package.json");
    const { version, bin } = JSON.parse(readFileSync(path, "utf8")) as { version: string; bin: { tsc: string } };
    return { script: join(dirname(path), bin.tsc), version };
  } catch {
    throw new Failure(`typescript is not installed in ${folder}: npm install -D typescript`);
  }
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
