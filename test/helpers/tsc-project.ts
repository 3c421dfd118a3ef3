/** A project in a temporary folder, built by the real `tspc` of one pair of compiler and ts-patch. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository, type Pair } from "./tsc-versions.ts";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The plugin's entry in tsconfig.json with options. */
export function plugin(options: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { transform: "dtracing/ts-transformer", ...options };
}

export const compilerOptions: Readonly<Record<string, unknown>> = {
  target: "es2022",
  module: "nodenext",
  strict: true,
  types: [],
  rootDir: "src",
  outDir: "out",
  sourceMap: true,
  declaration: true,
  skipLibCheck: true,
};

export class Project {
  readonly folder: string;
  readonly #patch: string;

  constructor(pair: Pair, files: Readonly<Record<string, string | object>>) {
    this.folder = mkdtempSync(join(tmpdir(), "dtracing-tspc-"));
    this.#patch = join(pair.folder, "node_modules/ts-patch");
    mkdirSync(join(this.folder, "node_modules"));
    const link = (name: string, to: string): void => symlinkSync(to, join(this.folder, "node_modules", name), "dir");
    link("dtracing", repository);
    link("typescript", join(pair.folder, "node_modules/typescript"));
    link("ts-patch", this.#patch);
    this.write({ "package.json": { name: "app", type: "module" }, ...files });
  }

  write(files: Readonly<Record<string, string | object>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    }
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  tspc(args: readonly string[], env: Readonly<Record<string, string>> = {}): Finished {
    return this.#run(join(this.#patch, "bin/tspc.js"), args, env);
  }

  /** The same compiler without ts-patch. */
  tsc(args: readonly string[]): Finished {
    return this.#run(join(this.folder, "node_modules/typescript/bin/tsc"), args, {});
  }

  node(file: string): Finished {
    return this.#run(join(this.folder, file), [], {});
  }

  watch(args: readonly string[]): ChildProcess {
    const script = join(this.#patch, "bin/tspc.js");
    return spawn(process.execPath, [script, "--watch", ...args], {
      cwd: this.folder,
      env: environment({}),
      stdio: "ignore",
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Finished {
    const options = { cwd: this.folder, env: environment(env), encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options);
    return { status, stdout, stderr };
  }
}

/** Without what this process was started with: tsx's loader, and the mode of a surrounding build. */
function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...rest } = process.env;
  return { ...rest, ...env };
}
