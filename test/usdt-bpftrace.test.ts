/** bpftrace on running programs, with the log off and no subscriber: by path, by process, killed, shared, in workers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildProgram, run, type Running } from "./helpers/usdt-program.ts";
import { bpftrace, eventually, tracerTest } from "./helpers/usdt-tools.ts";

const source = `
import { trace } from "dtracing";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import cluster from "node:cluster";
function fire(port: number, path: string): void {
  using _span = trace.infoSpan!("serve", { path }).entered();
  trace.info!({ port, path }, "listening");
  trace.debug!({ half: port / 2 }, \`port \${port}\`);
}
on("fire", fire);
on("worker", () => new Promise((resolve) => {
  const worker = new Worker(new URL(import.meta.url), { argv: ["worker"] });
  worker.on("exit", resolve);
}));
on("cluster", () => new Promise((resolve) => {
  const child = cluster.fork();
  child.on("exit", resolve);
}));
if (!isMainThread) fire(7, "worker");
if (cluster.isWorker && isMainThread) setTimeout(() => { fire(8, "cluster"); process.exit(); }, 50);
`;
const built = await buildProgram(source);
test.after(built.close);
const usdt = (name: string): string => `usdt:${built.probes}:fixture:${name}`;
const none = [0, 0] as const;

async function withProgram(f: (program: Running) => Promise<void>): Promise<void> {
  const program = await run(built.file);
  try {
    await f(program);
  } finally {
    await program.stop();
  }
}

async function quiet(program: Running): Promise<void> {
  await eventually(
    async () => (await program.cells()).every(([low, high]) => low === 0 && high === 0),
    () => "the cells did not go back to 0",
  );
}

for (const by of ["path", "process"]) {
  tracerTest(`by ${by}: values as they are, and the cell goes 0, 1, 0`, ["root", "bpftrace"], () =>
    withProgram(async (program) => {
      assert.equal(await program.cells(), [none, none, none]);
      const script = `${usdt("main__fire__listening")} { printf("%s|%d|%s|%s\\n", str(arg0), arg1, str(arg2), str(arg5)); }`;
      const tracer = await bpftrace(script, ...(by === "process" ? ["-p", String(program.pid)] : []));
      assert.equal(await program.cells(), [none, [1, 0], none]);
      await program.call("fire", 8080, "/ü");
      await program.call("fire", -3, "");
      await tracer.until(/\|-3\|/);
      const text = await tracer.stop();
      assert.match(text, 'listening|8080|/ü|{"port":8080,"path":"/ü"}\n');
      assert.match(text, 'listening|-3||{"port":-3,"path":""}\n');
      await quiet(program);
    }),
  );
}

tracerTest("shared names: event, event__info, event__debug and the spans' probes", ["root", "bpftrace"], () =>
  withProgram(async (program) => {
    const tracer = await bpftrace(`
      ${usdt("event")} { printf("event %d %d %d %s %s\\n", arg0, arg1, arg2, str(arg3), str(arg4)); }
      ${usdt("event__info")} { printf("info %s %d\\n", str(arg0), arg1); }
      ${usdt("event__debug")} { printf("debug %s %s\\n", str(arg0), str(arg1)); }
      ${usdt("new_span")} { printf("new %d %d %s %s %d %s\\n", arg0, arg1, str(arg2), str(arg3), arg4, str(arg5)); }
      ${usdt("enter")} { printf("enter %d %s\\n", arg0, str(arg1)); }
      ${usdt("exit")} { printf("exit %d %s\\n", arg0, str(arg1)); }
      ${usdt("close")} { printf("close %d %s %d\\n", arg0, str(arg1), arg2 <= arg3); }`);
    await eventually(
      async () => (await program.cells()).every(([, high]) => high !== 0),
      () => "not armed",
    );
    await program.call("fire", 9, "/a");
    await tracer.until(/close 1/);
    const lines = (await tracer.stop()).split("\n").filter((line) => /^[a-z]+ .*\d/.test(line));
    assert.equal(
      lines.filter((line) => !line.startsWith("attached")).toSorted(),
      [
        "close 1 serve 1",
        "debug port 9 4.5",
        "enter 1 serve",
        "event 1 3 1 fixture::main listening",
        "event 2 4 1 fixture::main port 9",
        "exit 1 serve",
        "info listening 9",
        'new 1 0 serve fixture::main 0 {"path":"/a"}',
      ].toSorted(),
    );
    await quiet(program);
  }),
);

tracerTest("a span callsite's own probes: attaching to its end makes the span", ["root", "bpftrace"], () =>
  withProgram(async (program) => {
    const tracer = await bpftrace(
      `${usdt("main__fire__serve__close")} { printf("%s %d\\n", str(arg1), arg2 > 0 && arg2 <= arg3); }`,
    );
    await program.call("fire", 1, "/");
    await tracer.until(/^serve/m);
    assert.match(await tracer.stop(), "serve 1\n");
    await quiet(program);
  }),
);

tracerTest("killed with -9, and two at once", ["root", "bpftrace"], () =>
  withProgram(async (program) => {
    const script = `${usdt("main__fire__listening")} { printf("%d\\n", arg1); }`;
    const [one, two] = [await bpftrace(script), await bpftrace(script)];
    assert.equal((await program.cells())[1], [1, 0]);
    one.child.kill("SIGKILL");
    await eventually(
      () => one.child.signalCode === "SIGKILL",
      () => "not killed",
    );
    await program.call("fire", 77, "");
    await two.until(/^77$/m);
    two.child.kill("SIGKILL");
    await quiet(program);
    await program.call("fire", 78, "");
  }),
);

tracerTest(
  "a process that starts after the tracer, a worker thread, a cluster child",
  ["root", "bpftrace"],
  async () => {
    const script = `${usdt("main__fire__listening")} { printf("%d %s\\n", arg1, str(arg2)); } ${usdt("enter")} { printf("enter %ld\\n", arg0); }`;
    const tracer = await bpftrace(script);
    await withProgram(async (program) => {
      // from its first callsite on: what is shared is armed when the file is loaded
      assert.ok((await program.cells()).every(([low, high], at) => (at === 1 ? low > 0 : high > 0 || at === 2)));
      await program.call("fire", 6, "late");
      await program.call("worker");
      await program.call("cluster");
      await tracer.until(/cluster/);
      await program.call("fire", 9, "after");
      await tracer.until(/after/);
    });
    const text = await tracer.stop();
    assert.match(text, "6 late\n");
    assert.match(text, "7 worker\n");
    assert.match(text, "8 cluster\n");
    const workerSpan = /^enter (\d{6,})$/m.exec(text);
    assert.ok(Number(workerSpan?.[1]) > 2 ** 40, "span ids are unique in the process, also in threads");
  },
);

test.run();
