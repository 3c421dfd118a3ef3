import { dirname, join } from "node:path";
import type ts from "typescript";
import { transform, type ModuleCallsites, type ResolvedOptions } from "../index.ts";
import { Collection } from "./collection.ts";

/** A watching compiler keeps the trees of files that did not change, and with them what is known here. */
const known = new WeakMap<ts.SourceFile, { readonly catalogue: ModuleCallsites | undefined }>();
const waiting = new Map<ts.Program, (id: string) => ResolvedOptions>();
let scheduled = false;

/** Notes what a file adds to the catalogue, which is written when the compiler is done with the program. */
export function noteCallsites(
  program: ts.Program,
  file: ts.SourceFile,
  catalogue: ModuleCallsites | undefined,
  forFile: (id: string) => ResolvedOptions,
): void {
  known.set(file, { catalogue });
  waiting.set(program, forFile);
  if (scheduled) return;
  scheduled = true;
  // The compiler ends the process without coming back to the event loop, unless it watches or is called as a library.
  const atExit = (): void => flush();
  process.once("exit", atExit);
  setImmediate(() => {
    process.off("exit", atExit);
    flush();
  });
}

/** The whole catalogue of each program: files that an incremental build left alone are looked at only here. */
function flush(): void {
  scheduled = false;
  for (const [program, forFile] of waiting) {
    const collection = new Collection();
    for (const file of program.getSourceFiles()) {
      if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) continue;
      const { catalogue } = known.get(file) ?? { catalogue: catalogueOf(file, forFile(file.fileName)) };
      known.set(file, { catalogue });
      collection.set(file.fileName, catalogue);
    }
    const folder = folderOf(program);
    if (folder === undefined) continue;
    try {
      collection.write(folder, forFile(join(folder, "package.json")));
    } catch (error) {
      process.stderr.write(`dtracing: the probe file in ${folder} was not written: ${(error as Error).message}\n`);
    }
  }
  waiting.clear();
}

function catalogueOf(file: ts.SourceFile, options: ResolvedOptions): ModuleCallsites | undefined {
  return transform(file.text, file.fileName, options)?.catalogue;
}

/** Where the program's JavaScript goes, if that is known: the running program looks there and in the folders above. */
function folderOf(program: ts.Program): string | undefined {
  const { outDir, outFile, configFilePath } = program.getCompilerOptions();
  if (outDir !== undefined) return outDir;
  if (outFile !== undefined) return dirname(outFile);
  return typeof configFilePath === "string" ? dirname(configFilePath) : undefined;
}
