/** The level of a running service is changed from another shell, by file, signal and socket; others are refused. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundlers, project, root } from "./helpers/build.ts";
import { Children, ended } from "./helpers/child.ts";

const app = project();
app.write(
  "src/service.ts",
  `import { createServer } from "node:http";
  import type { AddressInfo } from "node:net";
  import { trace } from "dtracing";
  const server = createServer((request, response) => {
    using _request = trace.infoSpan!("request", { path: request.url }).entered();
    trace.debug!("handled");
    trace.info!("done");
    response.end("ok");
  }).listen(0, "127.0.0.1", () => process.stderr.write("port " + (server.address() as AddressInfo).port + "\\n"));`,
);
test.after(() => app.close());

/** A running service with its output. */
interface Service {
  readonly child: ChildProcess;
  /** Makes a request and answers the levels of the lines that it logged. */
  request(path?: string): Promise<string>;
  readonly err: () => string;
}

async function service(env: Record<string, string>): Promise<Service> {
  const built = join(app.folder, "out-esbuild.mjs");
  if (!existsSync(built)) await bundlers.esbuild(app.folder, "src/service.ts");
  const child = spawn(process.execPath, ["--import", "dtracing/auto", built], {
    cwd: app.folder,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const port = await new Promise<string>((resolve, reject) => {
    child.on("exit", () => reject(new Error(err)));
    child.stderr.on("data", () => {
      const found = /port (\d+)/.exec(err)?.[1];
      if (found) resolve(found);
    });
  });
  return {
    child,
    err: () => err,
    async request(path = "/") {
      out = "";
      await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
      await new Promise((resolve) => setTimeout(resolve, 60));
      return [...out.matchAll(/Z +([A-Z]+) /g)].map(([, level]) => level).join(" ");
    },
  };
}

const cli = join(root, "dist/cli/main.js");
const dtracing = (args: readonly string[], uid?: number): { out: string; err: string; status: number | null } => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", uid });
  return { out: stdout.trim(), err: stderr.trim(), status };
};

async function during(env: Record<string, string>, f: (service: Service) => Promise<void>): Promise<void> {
  const running = await service(env);
  try {
    await f(running);
  } finally {
    const done = ended(running.child);
    running.child.kill();
    await done;
  }
}

test("by socket: dtracing set and get, seen on the next request", () =>
  during({ DTRACING_LOG_SOCKET: "1" }, async ({ child, request }) => {
    const pid = `${child.pid}`;
    assert.is(await request(), "INFO");
    assert.is(dtracing(["get", "--pid", pid]).out, "info");
    assert.is(dtracing(["set", "--pid", pid, "info,fixture=debug"]).out, "info -> info,fixture=debug");
    assert.is(await request(), "DEBUG INFO");
    assert.is(dtracing(["set", "--pid", pid, "off,[request{path=/a}]=debug"]).status, 0);
    assert.equal([await request("/a"), await request("/b")], ["DEBUG INFO", ""]);
    const wrong = dtracing(["set", "--pid", pid, "fixture=loud"]);
    assert.is(wrong.status, 1);
    assert.match(
      wrong.err,
      'dtracing: unknown level "loud": use off, error, warn, info, debug, trace or 0 to 5; at column 9',
    );
    assert.is(dtracing(["get", "--pid", pid]).out, "off,[request{path=/a}]=debug");
    const doubtful = dtracing(["set", "--pid", pid, "fixtrue=debug,[reqest]=info"]);
    assert.is(doubtful.status, 0);
    assert.match(doubtful.err, 'no callsite of this build matches fixtrue=debug, did you mean "fixture"?');
    assert.match(doubtful.err, 'no callsite of this build matches [reqest]=info, did you mean "request"?');
    const later = dtracing(["get", "--pid", pid]);
    assert.is(later.out, "fixtrue=debug,[reqest]=info");
    assert.is(later.err, doubtful.err);
  }));

test("the socket is the owner's alone, and another user is refused", () =>
  during({ DTRACING_LOG_SOCKET: "1" }, async ({ child, request }) => {
    const uid = process.getuid!();
    const path = `/tmp/dtracing-${uid}/${child.pid}.sock`;
    assert.is(statSync(`/tmp/dtracing-${uid}`).mode & 0o777, 0o700);
    assert.is(statSync(path).mode & 0o777, 0o600);
    if (uid !== 0) {
      console.log("skip: only root can act as another user");
      return;
    }
    // the refusal is the socket's own too, not only its folder's
    for (const mode of [0o700, 0o755]) {
      chmodSync("/tmp/dtracing-0", mode);
      const { status, err } = dtracing(["set", "--pid", `${child.pid}`, "trace"], 65_534);
      assert.is(status, 1, err);
      assert.match(err, `dtracing: refused: process ${child.pid} belongs to the user 0 (root)`);
    }
    chmodSync("/tmp/dtracing-0", 0o700);
    assert.is(await request(), "INFO");
  }));

/** Listens, says the socket's mode before anything else could run, and ends by itself. */
const listens = `import { statSync } from "node:fs"; import { liveFilter } from "dtracing/control";
  const path = "/tmp/dtracing-" + process.getuid() + "/" + process.pid + ".sock";
  try { liveFilter("info", { socket: true }); console.log((statSync(path).mode & 0o777).toString(8), path); }
  catch (error) { console.log(error.message); }`;

test("the socket is the owner's from its first moment, keeps no program running, and goes with it", async () => {
  const children = new Children();
  try {
    for (const last of ["", "process.exit(0);"]) {
      const { out, code } = await children.run(children.write("listens.js", `${listens}\n${last}`));
      const [, path] = /^600 (\S+)$/m.exec(out) ?? [];
      assert.ok(path, out);
      assert.is(code, 0);
      assert.not(existsSync(path!), last);
    }
  } finally {
    children.close();
  }
});

test("a folder that others could enter is closed to them, and one of somebody else is not used", () => {
  if (process.getuid!() !== 0) return void console.log("skip: only root can act as another user");
  const uid = 54_321;
  const own = `/tmp/dtracing-${uid}`;
  const children = new Children();
  chmodSync(children.folder, 0o755);
  const path = children.write("listens.js", listens);
  const run = (): string => spawnSync(process.execPath, [path], { uid, gid: uid, encoding: "utf8" }).stdout.trim();
  try {
    mkdirSync(own);
    chownSync(own, uid, uid);
    chmodSync(own, 0o777);
    assert.match(run(), /^600 /);
    assert.is(statSync(own).mode & 0o777, 0o700);
    chownSync(own, 0, 0);
    chmodSync(own, 0o777);
    assert.is(run(), `${own} belongs to somebody else`);
    rmSync(own, { recursive: true });
    symlinkSync(children.folder, own);
    assert.is(run(), `${own} belongs to somebody else`);
  } finally {
    rmSync(own, { recursive: true, force: true });
    children.close();
  }
});

test("who says too much, or nothing that can be read, gets no filter set", () =>
  during({ DTRACING_LOG_SOCKET: "1" }, async ({ child, request }) => {
    const ask = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const connection = connect(`/tmp/dtracing-${process.getuid!()}/${child.pid}.sock`);
        let answer = "";
        connection.on("data", (chunk) => (answer += chunk));
        connection.on("error", () => {});
        connection.on("close", () => resolve(answer));
        connection.write(text);
      });
    assert.is(await ask("x".repeat(70_000)), "");
    assert.match(JSON.parse(await ask("nonsense\n")).error, /JSON/);
    assert.equal(JSON.parse(await ask("{}\n")), { filter: "info", warnings: [] });
    assert.is(await request(), "INFO");
  }));

test("it does not listen unless asked for, and what cannot be asked says why", async () => {
  await during({}, async ({ child }) => {
    const { status, err } = dtracing(["get", "--pid", `${child.pid}`]);
    assert.is(status, 1);
    assert.match(err, `process ${child.pid} does not listen; start it with DTRACING_LOG_SOCKET=1`);
  });
  await during({ DTRACING_LOG_SOCKET: "1" }, async ({ child }) => {
    assert.is(dtracing(["get", "--pid", `${child.pid}`]).status, 0);
  });
  assert.match(dtracing(["get", "--pid", "4194304"]).err, "there is no process 4194304");
  assert.match(dtracing(["get"]).err, "give a process: --pid N");
  assert.match(dtracing(["set", "--pid", "1"]).err, "give one filter");
});

test("by a watched file, which may come later, hold nonsense, and go", async () => {
  const file = join(app.folder, "filter.txt");
  await during({ DTRACING_LOG_FILE: file }, async ({ request, err }) => {
    const eventually = async (expected: string): Promise<void> => {
      for (let i = 0; i < 40; i++) if ((await request()) === expected) return;
      assert.is(await request(), expected);
    };
    assert.is(await request(), "INFO");
    writeFileSync(file, "debug\n");
    await eventually("DEBUG INFO");
    writeFileSync(file, "app=loud and longer\n");
    for (let i = 0; i < 40 && !err().includes("loud"); i++) await request();
    assert.match(err(), /unknown level "loud".*; debug stays/);
    assert.is(await request(), "DEBUG INFO");
    writeFileSync(file, "off");
    await eventually("");
    writeFileSync(file, "");
    await eventually("INFO");
    writeFileSync(file, "debug");
    await during({ DTRACING_LOG_FILE: file }, async (other) => {
      assert.is(await other.request(), "DEBUG INFO", "it is read at the start");
    });
  });
});

test("by a signal: through the levels", async () => {
  await during({ DTRACING_LOG_SIGNAL: "SIGUSR2" }, async ({ child, request }) => {
    const seen: string[] = [await request()];
    for (let i = 0; i < 3; i++) {
      spawnSync("kill", ["-USR2", `${child.pid}`]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen.push(await request());
    }
    assert.equal(seen, ["INFO", "DEBUG INFO", "DEBUG INFO", "INFO"]);
  });
});

test.run();
