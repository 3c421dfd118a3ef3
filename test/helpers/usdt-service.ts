/** The example service, built with tspc in a folder of its own, and requests to it. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project, root } from "./build.ts";
import { eventually } from "./usdt-tools.ts";

export interface Service {
  readonly folder: string;
  close(): void;
}

/** Copies the service, and links what its README's commands need. */
export function copyService(): Service {
  const { folder, close } = project();
  for (const name of ["src", "package.json", "tsconfig.json"]) {
    cpSync(join(root, "examples/http-service", name), join(folder, name), { recursive: true });
  }
  const bins = { tspc: "ts-patch/bin/tspc.js", dtracing: "dtracing/dist/cli/main.js" };
  for (const [name, target] of Object.entries(bins)) {
    // as npm does, but npm also makes the file itself executable
    const file = join(folder, "node_modules", target);
    writeFileSync(join(folder, "node_modules/.bin", name), `#!/bin/sh\nexec node ${file} "$@"\n`, { mode: 0o755 });
  }
  return { folder, close };
}

export function buildService(folder: string): void {
  const tspc = join(root, "node_modules/ts-patch/bin/tspc.js");
  execFileSync(process.execPath, [tspc, "-p", folder], { cwd: folder, stdio: "inherit" });
}

/** A running service. */
export interface RunningService {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Places and reads an order, asks for what is not there, and makes one request fail. */
  load(times: number): Promise<void>;
  stop(): Promise<void>;
}

export async function runService(folder: string, env: NodeJS.ProcessEnv = {}): Promise<RunningService> {
  const child = spawn(process.execPath, ["dist/main.js"], {
    cwd: folder,
    env: { ...process.env, LOG: "off", PORT: "0", ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let port = 0;
  child.on("message", (message: { port?: number }) => (port = message.port ?? port));
  await eventually(
    () => port !== 0,
    () => "the service did not start",
  );
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const request = async (method: string, path: string): Promise<void> => {
    await (await fetch(`http://127.0.0.1:${port}${path}`, { method })).text();
  };
  return {
    child,
    pid: child.pid!,
    async load(times) {
      for (let i = 0; i < times; i++) {
        await request("POST", `/orders/a${i}`);
        await request("GET", `/orders/a${i}`);
        await request("GET", "/nothing");
        await request("POST", "/orders/x");
      }
    },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
