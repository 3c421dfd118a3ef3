/** A program with probes, built by a real bundler, run as a child that answers questions about its cells. */
import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "dtracing/transform";
import type { Catalogue } from "../../runtime/usdt/catalogue.ts";
import { bundlers, project } from "./build.ts";

/** Lets the parent call the functions that `source` registers with `on`, and read the cells. */
const harness = `
const commands: Record<string, (...values: never[]) => unknown> = {};
function on(name: string, f: (...values: never[]) => unknown): void { commands[name] = f; }
on("cells", () => {
  const { modules } = (globalThis as any)[Symbol.for("dtracing.v1")];
  return [...modules.values()].flatMap((weak: any) => [...(weak.deref()?.cells ?? [])]);
});
process.on("message", async ({ id, name, values }: any) => {
  try { process.send!({ id, value: await (commands[name] as any)(...values) }); }
  catch (error) { process.send!({ id, error: String((error as Error).stack) }); }
});
setTimeout(() => process.send?.({ id: 0 }));
`;

export interface Built {
  readonly folder: string;
  readonly file: string;
  readonly probes: string;
  readonly catalogue: Catalogue;
  close(): void;
}

/** Builds `source`; its package is called `fixture`. */
export async function buildProgram(source: string, options?: Options, name = "fixture"): Promise<Built> {
  const { folder, write, close } = project();
  write("package.json", JSON.stringify({ name, type: "module" }));
  write("src/main.ts", harness + source);
  const file = await bundlers.esbuild(folder, "src/main.ts", options);
  return { ...builtIn(folder), file, close };
}

/** What a build has written into a folder. */
export function builtIn(folder: string, provider = "fixture"): Omit<Built, "file" | "close"> {
  return {
    folder,
    probes: join(folder, `${provider}.probes.x64.node`),
    get catalogue() {
      return JSON.parse(readFileSync(join(folder, `${provider}.callsites.json`), "utf8")) as Catalogue;
    },
  };
}

/** A running program. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  call<T>(name: string, ...values: readonly unknown[]): Promise<T>;
  /** All cells, as pairs of semaphore and interest. */
  cells(): Promise<readonly (readonly [low: number, high: number])[]>;
  stop(): Promise<void>;
}

/** Runs a built program until `stop`. */
export async function run(
  file: string,
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
  execPath = process.execPath,
): Promise<Running> {
  const child = fork(file, [], {
    env: { ...process.env, ...env },
    execArgv: [...flags],
    execPath,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const waiting = new Map<number, (message: { value?: unknown; error?: string }) => void>();
  let next = 1;
  const ready = new Promise<void>((resolve) => waiting.set(0, () => resolve()));
  child.on("message", (message: { id: number; value?: unknown; error?: string }) => waiting.get(message.id)?.(message));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  await Promise.race([ready, ended.then(() => Promise.reject(new Error("the program ended before it was ready")))]);
  const call = <T>(name: string, ...values: readonly unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, ({ value, error }) => (error === undefined ? resolve(value as T) : reject(new Error(error))));
      child.send({ id, name, values });
    });
  return {
    child,
    pid: child.pid!,
    call,
    async cells() {
      return (await call<number[]>("cells")).map((cell) => [cell & 0xffff, cell >>> 16] as const);
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
