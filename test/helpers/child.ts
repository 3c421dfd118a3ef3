/** Programs in processes of their own, in a folder that finds this package and the real counterparts of writers. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installed } from "./install.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const host = join(root, "fixtures/hosts/writers");

/** What a program did. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A temporary folder with programs; `close` removes it. */
export class Children {
  readonly folder: string = mkdtempSync(join(tmpdir(), "dtracing-"));

  constructor() {
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(root, join(this.folder, "node_modules/dtracing"), "dir");
    writeFileSync(join(this.folder, "package.json"), '{ "name": "app", "type": "module" }');
  }

  /** Writes a module and answers its path. */
  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  /** Makes a package of the counterparts importable; false (and a line that says so) where it cannot be installed. */
  use(...names: readonly string[]): boolean {
    try {
      installed(host);
    } catch {
      console.log(`skip: ${names.join(", ")}: npm ci fails in fixtures/hosts/writers`);
      return false;
    }
    for (const name of names) {
      const from = join(host, "node_modules", name);
      const to = join(this.folder, "node_modules", name);
      if (!existsSync(to)) symlinkSync(from, to, "dir");
    }
    return true;
  }

  start(file: string, env: Record<string, string> = {}, args: readonly string[] = []): ChildProcess {
    return spawn(process.execPath, [...args, file], {
      cwd: this.folder,
      env: { ...process.env, NO_COLOR: "1", ...env },
    });
  }

  async run(file: string, during?: (child: ChildProcess) => void, env?: Record<string, string>): Promise<Ended> {
    const child = this.start(file, env);
    const done = ended(child);
    during?.(child);
    return done;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Collects what a child prints until it ends. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk) => (out += chunk));
  child.stderr?.on("data", (chunk) => (err += chunk));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, out, err })));
}

/** Resolves once the child has printed a text. */
export async function printed(child: ChildProcess, text: string): Promise<void> {
  let all = "";
  return new Promise((resolve) => {
    child.stdout?.on("data", (chunk) => {
      all += chunk;
      if (all.includes(text)) resolve();
    });
  });
}
