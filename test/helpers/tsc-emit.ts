/** Emits files that need not exist on disk, with one compiler and one set of options. */
import type ts from "typescript";
import { join } from "node:path";
import type { Variant } from "./tsc-variants.ts";
import { repository } from "./tsc-versions.ts";

export type Before = (program: ts.Program) => ts.TransformerFactory<ts.SourceFile>;

const libraries = new Map<string, ts.SourceFile | undefined>();

/** The JavaScript of every file, by the file's name; an exception of the emitter stands in its place. */
export function emit(
  tsc: typeof ts,
  { options, type }: Variant,
  files: ReadonlyMap<string, string>,
  before?: Before,
): ReadonlyMap<string, string> {
  const program = programOf(tsc, options, type, files);
  const outputs = new Map<string, string>();
  for (const name of files.keys()) {
    const write: ts.WriteFileCallback = (path, text) => {
      if (/\.[cm]?jsx?$/.test(path)) outputs.set(name, text);
    };
    try {
      program.emit(program.getSourceFile(name), write, undefined, false, before && { before: [before(program)] });
    } catch (error) {
      outputs.set(name, `throw ${String(error instanceof Error ? error.stack : error)}`);
    }
  }
  return outputs;
}

function programOf(
  tsc: typeof ts,
  options: ts.CompilerOptions,
  type: Variant["type"],
  files: ReadonlyMap<string, string>,
): ts.Program {
  const runtime = (name: string): string[] => [join(repository, `dist/runtime/${name}.d.ts`)];
  const paths = { dtracing: runtime("index"), "dtracing/internal": runtime("internal") };
  const all = { ...options, paths, outDir: "/out", noEmitOnError: false };
  const host = tsc.createCompilerHost(all, true);
  const { getSourceFile, fileExists, readFile } = host;
  const read = (path: string): string | undefined =>
    files.get(path) ?? (path === "/project/package.json" ? JSON.stringify({ name: "app", type }) : undefined);
  host.getCurrentDirectory = () => "/project";
  host.fileExists = (path) => read(path) !== undefined || fileExists(path);
  // Without its folder a module is not even looked for, and an import that is not resolved is never elided.
  host.directoryExists = (path) => path === "/project" || tsc.sys.directoryExists(path);
  host.readFile = (path) => read(path) ?? readFile(path);
  host.getSourceFile = (path, version, onError, create) => {
    const text = read(path);
    if (text !== undefined) return tsc.createSourceFile(path, text, version, true);
    const target = typeof version === "object" ? version.languageVersion : version;
    const key = `${tsc.version} ${target} ${path}`;
    if (!libraries.has(key)) libraries.set(key, getSourceFile(path, version, onError, create));
    return libraries.get(key);
  };
  return tsc.createProgram([...files.keys()], all, host);
}
