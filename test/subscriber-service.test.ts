/** The example service, built by its own script and running: another shell changes its level, another user does not. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as tick } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";
import { ended } from "./helpers/child.ts";
import { buildService, copyService } from "./helpers/usdt-service.ts";
import { eventually } from "./helpers/usdt-tools.ts";

const { folder, close } = copyService();
test.after(close);
buildService(folder);

/** A running service; its standard output is the log. */
interface Service {
  readonly child: ChildProcess;
  readonly pid: string;
  /** Reads an order and answers the levels of the lines that this logged. */
  levels(): Promise<string>;
  readonly err: () => string;
}

async function during(env: Record<string, string>, f: (service: Service) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ["dist/main.js"], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", LOG: "info", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let [out, err, port] = ["", "", 0];
  child.stdout!.on("data", (chunk) => (out += chunk));
  child.stderr!.on("data", (chunk) => (err += chunk));
  child.on("message", (message: { port?: number }) => (port = message.port ?? port));
  const done = ended(child);
  const ask = async (method: string, path: string): Promise<void> => {
    await (await fetch(`http://127.0.0.1:${port}${path}`, { method })).text();
  };
  try {
    await eventually(() => port !== 0, () => `the service did not start: ${err}`); // prettier-ignore
    await ask("POST", "/orders/book");
    await f({
      child,
      pid: `${child.pid}`,
      err: () => err,
      async levels() {
        out = "";
        await ask("GET", "/orders/book");
        // the first request has logged its last line before the second one is answered
        await ask("GET", "/fence");
        await tick();
        const lines = out.split("\n").filter((line) => !line.includes("/fence") && !line.includes("POST"));
        return lines.flatMap((line) => /Z +([A-Z]+) /.exec(line)?.[1] ?? []).join(" ");
      },
    });
  } finally {
    child.kill();
    await done;
  }
}

/** A line for another shell, of this user or another one. */
function shell(line: string, uid?: number): { readonly out: string; readonly err: string; readonly status: number } {
  const { stdout, stderr, status } = spawnSync("sh", ["-c", line], { cwd: folder, encoding: "utf8", uid });
  return { out: stdout.trim(), err: stderr.trim(), status: status ?? -1 };
}

const command = "node node_modules/dtracing/dist/cli/main.js";
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const info = "INFO";
const store = "DEBUG INFO";
const debug = "DEBUG DEBUG INFO";

test("by its socket, with `dtracing set`: the next request is logged by the new filter", () =>
  during({ LOG_SOCKET: "1" }, async ({ pid, levels }) => {
    assert.is(await levels(), info);
    assert.is(shell(`${command} get --pid ${pid}`).out, "info");
    assert.is(shell(`${command} set --pid ${pid} 'info,shop::store=debug'`).out, "info -> info,shop::store=debug");
    assert.is(await levels(), store);
    assert.is(shell(`${command} set --pid ${pid} 'off,[request{url=/orders/b.*}]=debug'`).status, 0);
    assert.is(await levels(), debug);
    assert.is(shell(`${command} set --pid ${pid} 'off'`).status, 0);
    assert.is(await levels(), "");
    const wrong = shell(`${command} set --pid ${pid} 'info,shop::stor=debug'`);
    assert.is(wrong.err, 'dtracing: no callsite of this build matches shop::stor=debug, did you mean "shop::store"?');
  }));

test("by a file, which is watched, and read at once at a signal", () => {
  const file = join(folder, "log-filter");
  writeFileSync(file, "off");
  return during({ LOG_FILE: file, LOG_SIGNAL: "SIGUSR2" }, async ({ pid, levels, err }) => {
    assert.is(await levels(), "", "it is read at the start");
    shell("echo info,shop::store=debug > log-filter");
    let seen = "";
    for (let i = 0; i < 300 && seen !== store; i++) seen = await levels();
    assert.is(seen, store);
    shell(`echo off > log-filter && kill -USR2 ${pid}`);
    for (let i = 0; i < 5 && seen !== ""; i++) seen = await levels();
    assert.is(seen, "");
    shell(`echo deebug= > log-filter && kill -USR2 ${pid}`);
    await eventually(() => err().includes("log-filter:"), () => "nothing was told"); // prettier-ignore
    assert.match(err(), 'no callsite of this build matches deebug=trace, did you mean "debug"?');
  });
});

test("by a signal alone: debug, trace, and back", () =>
  during({ LOG_SIGNAL: "SIGUSR2" }, async ({ pid, levels }) => {
    const seen = [await levels()];
    for (const expected of [debug, debug, info]) {
      assert.is(shell(`kill -USR2 ${pid}`).status, 0);
      let now = "";
      for (let i = 0; i < 5 && now !== expected; i++) now = await levels();
      seen.push(now);
    }
    assert.equal(seen, [info, debug, debug, info]);
  }));

test("another user is refused: the socket, the file and the signal", async () => {
  if (!isRoot) return void console.log("skip: only root can act as another user");
  const file = join(folder, "log-filter");
  writeFileSync(file, "info");
  await during({ LOG_SOCKET: "1", LOG_FILE: file, LOG_SIGNAL: "SIGUSR2" }, async ({ pid, levels }) => {
    assert.is(await levels(), info);
    const direct = `require("net").connect("/tmp/dtracing-0/${pid}.sock").on("error", (e) => { console.error(e.code); process.exit(1); })`;
    for (const [line, expected] of [
      [`node -e '${direct}'`, /^EACCES$/m],
      [`kill -USR2 ${pid}`, /not permitted/i],
      [`echo trace > ${file}`, /permission denied/i],
      [`node ${join(root, "dist/cli/main.js")} set --pid ${pid} trace`, `refused: process ${pid} belongs to the user 0 (root), and only that user may change it`], // prettier-ignore
    ] as const) {
      const { status, err } = shell(`cd / && ${line}`, nobody);
      assert.is.not(status, 0, line);
      assert.match(err, expected);
    }
    assert.is(statSync(`/tmp/dtracing-0/${pid}.sock`).mode & 0o777, 0o600);
    assert.is(await levels(), info);
    assert.is(shell(`${command} get --pid ${pid}`).out, "info");
  });
});

test.run();
