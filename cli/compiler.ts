/** A project's own TypeScript, run as its authors run it. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Failure } from "./failure.ts";

export interface Compiler {
  readonly script: string;
  readonly version: string;
}

/** The source files of a project's program, those of packages included. */
export function listFiles(compiler: Compiler, file: string): readonly string[] {
  const listed = spawnSync(process.execPath, [compiler.script, "-p", file, "--listFilesOnly"], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  return listed.stdout.split(/\r?\n/).filter((line) => line !== "" && /\.([cm]?[jt]sx?|json)$/.test(line));
}

/** A compiler at work. */
export interface Run {
  readonly status: Promise<number>;
  milliseconds(): number;
  stop(): void;
}

export function run(compiler: Compiler, given: readonly string[]): Run {
  const started = performance.now();
  let ended = started;
  const child = spawn(process.execPath, [compiler.script, ...given], { stdio: "inherit" });
  const status = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      ended = performance.now();
      resolve(code ?? 1);
    });
  });
  return { status, milliseconds: () => ended - started, stop: () => void child.kill() };
}

export function findCompiler(folder: string): Compiler {
  try {
    const path = createRequire(join(folder, "package.json")).resolve("typescript/package.json");
    const { version, bin } = JSON.parse(readFileSync(path, "utf8")) as { version: string; bin: { tsc: string } };
    return { script: join(dirname(path), bin.tsc), version };
  } catch {
    throw new Failure(`typescript is not installed in ${folder}: npm install -D typescript`);
  }
}
