/** Runs programs in processes of their own: one that has a subscriber for everything, and one that has none. */
import { fork, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync, type Loader } from "esbuild";

/** What a program did: its exports, printed, and what a subscriber saw. */
export interface Outcome {
  readonly result: string;
  readonly events: string;
  /** What the program counted in `globalThis.evaluations`. */
  readonly evaluations: number;
}

/** Who listens while a program runs. */
export type Subscribers = "all" | "none";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

export class Programs {
  readonly folder: string = mkdtempSync(join(tmpdir(), "dtracing-"));
  readonly #children = new Map<Subscribers, Promise<ChildProcess>>();
  #count = 0;

  constructor() {
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(root, join(this.folder, "node_modules/dtracing"), "dir");
    writeFileSync(join(this.folder, "package.json"), `{ "type": "module" }`);
    copyFileSync(join(here, "program-child.mjs"), join(this.folder, "child.mjs"));
  }

  /** Writes modules into a folder of their own, without types; the path of the first. */
  write(files: readonly (readonly [name: string, code: string])[]): string {
    const folder = join(this.folder, String(this.#count++));
    mkdirSync(folder);
    for (const [name, code] of files) writeFileSync(join(folder, built(name)), lower(name, code));
    return join(folder, built(files[0]?.[0] ?? ""));
  }

  async run(path: string, subscribers: Subscribers): Promise<Outcome> {
    const child = await this.#child(subscribers);
    return new Promise((resolve, reject) => {
      const died = (code: number | null): void => reject(new Error(`the program's process ended with ${code}`));
      child.once("exit", died);
      child.once("message", (outcome) => {
        child.off("exit", died);
        resolve(outcome as Outcome);
      });
      child.send({ path });
    });
  }

  close(): void {
    for (const child of this.#children.values()) void child.then((one) => one.kill());
    rmSync(this.folder, { recursive: true, force: true });
  }

  #child(subscribers: Subscribers): Promise<ChildProcess> {
    const known = this.#children.get(subscribers);
    if (known !== undefined) return known;
    const started = new Promise<ChildProcess>((resolve, reject) => {
      // What a program prints is not what is compared; a warning that macros run untransformed is expected.
      const child = fork(join(this.folder, "child.mjs"), [subscribers], {
        stdio: ["ignore", "ignore", "ignore", "ipc"],
        execArgv: [],
      });
      child.once("message", () => resolve(child));
      child.once("exit", (code) => reject(new Error(`the child did not start: ${code}`)));
    });
    this.#children.set(subscribers, started);
    return started;
  }
}

function built(name: string): string {
  return name.replace(/\.([cm]?)[jt]sx?$/, (_, kind: string) => `.${kind === "c" ? "c" : "m"}js`);
}

function lower(name: string, code: string): string {
  const extension = /\.[cm]?([jt]sx?)$/.exec(name)?.[1] ?? "ts";
  const { code: lowered } = transformSync(code, {
    loader: (extension === "js" ? "jsx" : extension) as Loader,
    format: /\.c[jt]s$/.test(name) ? "cjs" : "esm",
    target: "node20",
    jsx: "transform",
    tsconfigRaw: {},
  });
  return lowered.replaceAll(/"(\.\/[^"]+\.[cm]?tsx?)"/g, (_, path: string) => JSON.stringify(built(path)));
}
