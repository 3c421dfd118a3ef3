/** What arrives, however a program ends and whatever is wrong with the place it writes to. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Metadata } from "dtracing";
import { json, registry, text } from "dtracing";
import * as $dt from "dtracing/internal";
import type { Sink } from "dtracing/writers";
import { buffered, file, stream, tee, withMaxLevel, withMinLevel, writeIf } from "dtracing/writers";
import { Children, ended, printed } from "./helpers/child.ts";
import { alone, said, sites } from "./helpers/record.ts";

const children = new Children();
test.after(() => children.close());

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const meta = (level: number, target = "app"): Metadata => ({ level, target }) as Metadata;

/** A sink that takes what it is told to, into `taken`. */
function slow(limit = Infinity): Sink & { taken: string; limit: number; failure: Error | undefined } {
  const sink = {
    taken: "",
    limit,
    failure: undefined as Error | undefined,
    write(bytes: Uint8Array, from: number): number {
      if (sink.failure) throw sink.failure;
      const now = Math.min(sink.limit, bytes.length - from);
      sink.limit -= now;
      sink.taken += Buffer.from(bytes.subarray(from, from + now)).toString("latin1");
      return now;
    },
  };
  return sink;
}

test("lines are handed over as full chunks, after a while, at an error, and on demand", async () => {
  const chunks: number[] = [];
  const sink: Sink = { write: (bytes, from) => (chunks.push(bytes.length - from), bytes.length - from) };
  const writer = buffered(sink, { size: 100, interval: 20, signals: false });
  for (let i = 0; i < 10; i++) writer("123456789 123456789 123456789\n", meta(3));
  assert.equal(chunks, [120, 120]);
  assert.is(writer.pending, 60);
  await sleep(40);
  assert.equal(chunks, [120, 120, 60]);
  writer("error\n", meta(1));
  assert.equal(chunks, [120, 120, 60, 6]);
  writer("x\n", meta(5));
  assert.ok(writer.flush());
  assert.equal(chunks.length, 5);
  await writer.close();
});

test("a sink that takes parts gets every byte once, in order", () => {
  let all = "";
  const sink: Sink = {
    write: (bytes, from) => (
      (all += Buffer.from(bytes.subarray(from, from + 7)).toString()),
      Math.min(7, bytes.length - from)
    ),
  };
  const writer = buffered(sink, { size: 50, signals: false });
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i} ${"x".repeat(i)}\n`);
  for (const line of lines) writer(line, meta(3));
  writer.flush();
  assert.is(all, lines.join(""));
});

test("half a line reaches nobody, whatever is written, flushed or thrown in the middle of it", () => {
  const $nested = sites([["event", 3, 1, 1, "n,value,text"]]);
  for (const [keeps, size] of [
    [true, 1],
    [true, 200],
    [true, 16_384],
    [false, 1],
    [false, 200],
    [false, 16_384],
  ] as const) {
    // prettier-ignore
    let all = "";
    const write = (bytes: Uint8Array, from: number): number => {
      all += Buffer.from(bytes.subarray(from)).toString();
      return bytes.length - from;
    };
    const writer = buffered({ keeps, write }, { signals: false, size });
    const other = tee(writer);
    const steps: (() => void)[] = [
      () => writer("own\n"),
      () => other("other\n", meta(3)),
      () => void writer.flush(),
      () => writer(`${"long".repeat(3000)}\n`),
      () => {
        throw new Error("no end");
      },
      () => (writer("own\n"), writer.flush(), other("other\n", meta(3)), writer("own\n")),
      () => (other("other\n", meta(1)), writer("own\n")),
    ];
    alone(registry().with(json({ writer, timer: false, target: false, flatten: true })), () => {
      for (let n = 0; n < 70; n++) {
        const value = { toJSON: () => (steps[n % steps.length]!(), "end") };
        $dt.event($nested, 0)?.(n, value, "x".repeat(n % 3 === 0 ? 9000 : 3));
      }
    });
    writer.flush();
    assert.is(writer.pending, 0);
    const lines = all.split("\n").slice(0, -1);
    const own = lines.filter((line) => line.startsWith("{")).map((line) => (JSON.parse(line) as { n: number }).n);
    assert.equal(
      own,
      Array.from({ length: 70 }, (_, n) => n),
      `${keeps} ${size}`,
    );
    const count = (text: string): number => lines.filter((line) => line === text).length;
    assert.equal([count("own"), count("other"), count("long".repeat(3000))], [40, 30, 10]);
    assert.is(lines.length, 150);
  }
});

test("a sink that never drains: memory is bounded, and the dropped count is told once it drains", () => {
  const sink = slow(0);
  const writer = buffered(sink, { size: 100, maxBytes: 10_000, lossy: true, signals: false });
  const line = `${"x".repeat(99)}\n`;
  const told = said(() => {
    for (let i = 0; i < 100_000; i++) writer(line, meta(3));
    assert.ok(writer.pending <= 10_000, `${writer.pending}`);
    assert.is(writer.dropped, 100_000 - 100);
    sink.limit = Infinity;
    assert.ok(writer.flush());
  });
  assert.equal(told, ["dtracing: 99900 lines were dropped, because the writer was too slow"]);
  assert.is(sink.taken, line.repeat(100));
});

test("a full disk keeps lines and tries again; a partial chunk goes on where it stopped", () => {
  const sink = slow(150);
  const writer = buffered(sink, { size: 100, signals: false });
  const line = `${"y".repeat(99)}\n`;
  const told = said(() => {
    writer(line, meta(3));
    sink.failure = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    writer(line, meta(3));
    assert.is(writer.flush(50), false);
    writer(line, meta(3));
    sink.failure = undefined;
    sink.limit = Infinity;
    assert.ok(writer.flush());
  });
  assert.is(sink.taken, line.repeat(3));
  assert.equal([told.length, writer.dropped], [1, 0]);
  assert.match(told[0]!, "cannot write lines: Error: no space left");
});

test("a sink that is gone is told with the number of lines, later ones are counted, nothing throws", () => {
  const sink = slow();
  sink.failure = Object.assign(new Error("gone"), { code: "EPIPE" });
  const writer = buffered(sink, { signals: false });
  const told = said(() => {
    for (let i = 0; i < 3; i++) writer("x\n", meta(3));
    writer("x\n", meta(1));
    writer("x\n", meta(1));
  });
  assert.is(writer.dropped, 5);
  assert.equal(told.length, 2);
  assert.match(told[1]!, "the writer is gone: 4 lines are lost");
});

test("a writer that throws is told, and the program goes on", () => {
  const $sites = sites([["event", 3, 1, 1, "", "x"]]);
  const told = said(() =>
    alone(
      registry().with(
        text({
          writer: () => {
            throw new Error("on purpose");
          },
        }),
      ),
      () => {
        $dt.event($sites, 0)?.();
        $dt.event($sites, 0)?.();
      },
    ),
  );
  assert.is(told.length, 1);
  assert.match(told[0]!, "a subscriber's onEvent threw");
});

test("routes: by greatest and least level, by predicate, to several, or else (row 185)", () => {
  const [a, b]: [string[], string[]] = [[], []];
  const lines = [1, 2, 3, 4, 5].map((level) => [`${level}`, meta(level, level === 3 ? "db" : "app")] as const);
  const run = (writer: (line: string, metadata: Metadata) => void): string => {
    a.length = b.length = 0;
    for (const [line, metadata] of lines) writer(line, metadata);
    return `${a.join("")} ${b.join("")}`;
  };
  const one = (line: string): void => void a.push(line);
  const two = { write: (line: string) => b.push(line) };
  assert.is(run(withMaxLevel("warn", one)), "12 ");
  assert.is(run(withMinLevel("info", one)), "345 ");
  assert.is(run(withMaxLevel("warn", one, two)), "12 345");
  assert.is(run(writeIf(({ target }) => target === "db", one, two)), "3 1245");
  assert.is(run(withMinLevel("warn", withMaxLevel("info", one))), "23 ");
  assert.is(run(tee(one, withMaxLevel("error", two))), "12345 1");
  const throws = (): never => {
    throw new Error("on purpose");
  };
  assert.throws(() => run(tee(throws, one)));
  assert.is(a.join(""), "1");
});

/** A program that writes 1000 lines into `target` and then ends in some way. */
function program(target: string, end: string, lines = 1000, options = "{ interval: 60_000, flushLevel: 0 }"): string {
  return `import { registry, text, trace } from "dtracing";
    import { buffered, file, stdout, stderr } from "dtracing/writers";
    const writer = buffered(${target}, ${options});
    registry().with(text({ timer: false, target: false, writer })).init();
    for (let i = 0; i < ${lines}; i++) trace.info("line " + i);
    ${end}`;
}

/** That all lines are there, in order, and nothing else; says where it goes wrong instead of printing all. */
function whole(text: string, lines = 1000): void {
  const found = text.split("\n");
  const wrong = found.findIndex((line, i) => line !== (i < lines ? ` INFO line ${i}` : ""));
  assert.is(wrong < 0 ? "" : `line ${wrong}: ${found[wrong]}`, "");
  assert.is(found.length, lines + 1);
}

const ends: Record<string, { end: string; signal?: NodeJS.Signals; code?: number; err?: string }> = {
  "the end of the program": { end: "", code: 0 },
  "process.exit": { end: "process.exit(3);", code: 3 },
  "process.exit in a promise": { end: "await null; process.exit(4);", code: 4 },
  "an exception": { end: 'throw new Error("thrown on purpose");', code: 1, err: "thrown on purpose" },
  "an exception in a timer": { end: 'setTimeout(() => { throw new Error("later") }, 5);', code: 1, err: "later" },
  "an unhandled rejection": {
    end: 'Promise.reject(new Error("rejected")); setTimeout(() => {}, 1000);',
    code: 1,
    err: "rejected",
  },
  SIGTERM: { end: 'console.error("ready"); setInterval(() => {}, 1000);', signal: "SIGTERM" },
  SIGINT: { end: 'console.error("ready"); setInterval(() => {}, 1000);', signal: "SIGINT" },
  SIGHUP: { end: 'console.error("ready"); setInterval(() => {}, 1000);', signal: "SIGHUP" },
  "SIGTERM that the program handles": {
    end: 'process.on("SIGTERM", () => { process.exitCode = 7; clearInterval(timer); }); const timer = setInterval(() => {}, 1000); console.error("ready");',
    signal: "SIGTERM",
    code: 7,
  },
};

for (const [name, { end, signal, code, err }] of Object.entries(ends)) {
  // a file differs from a pipe in nothing that each of the ways would show
  const alsoFile = ["process.exit", "an exception", "an unhandled rejection", "SIGTERM"].includes(name);
  for (const target of ["stdout()", ...(alsoFile ? ['file("lines.log")'] : [])]) {
    test(`every line arrives in ${target} when it ends by ${name}`, async () => {
      const log = join(children.folder, "lines.log");
      writeFileSync(log, "");
      const path = children.write("end.js", program(target, end));
      const done = await children.run(path, (child) => {
        if (signal) child.stderr?.on("data", (chunk: Buffer) => chunk.includes("ready") && child.kill(signal));
      });
      if (code === undefined) assert.is(done.signal, signal);
      else assert.is(done.code, code, done.err);
      if (err !== undefined) assert.match(done.err, err);
      whole(target === "stdout()" ? done.out : readFileSync(log, "utf8"));
    });
  }
}

test("SIGKILL loses what is younger than the interval, and nothing from before the last flush", async () => {
  const path = children.write(
    "kill.js",
    program(
      "stdout()",
      'writer.flush(); for (let i = 0; i < 10; i++) trace.info("late"); console.error("ready"); setInterval(() => {}, 1000);',
    ),
  );
  const done = await children.run(path, (child) => {
    child.stderr?.on("data", (chunk: Buffer) => chunk.includes("ready") && child.kill("SIGKILL"));
  });
  assert.is(done.signal, "SIGKILL");
  whole(done.out);
});

test("a closed pipe: told once with the number of lines that are lost, the program goes on and ends well", async () => {
  const path = children.write("pipe.js", program("stdout()", 'console.error("end");', 20_000, "{}"));
  const child = spawn("sh", ["-c", `{ "${process.execPath}" ${path} 2>pipe.err; echo $? >pipe.rc; } | head -2`], {
    cwd: children.folder,
  });
  const { out } = await ended(child);
  const err = readFileSync(join(children.folder, "pipe.err"), "utf8").trim().split("\n");
  assert.is(readFileSync(join(children.folder, "pipe.rc"), "utf8"), "0\n");
  assert.is(out, " INFO line 0\n INFO line 1\n");
  assert.is(err.filter((line) => line.includes("cannot write lines")).length, 1, err.join("\n"));
  assert.match(err.join("\n"), /the writer is gone: \d+ lines are lost/);
  assert.ok(err.includes("end"));
  const lost = err.map((line) => Number(/(\d+) (?:more )?lines are lost/.exec(line)?.[1] ?? 0));
  assert.ok(lost.reduce((a, b) => a + b, 0) > 10_000, err.join("\n"));
});

test("a pipe that nobody reads: without blocking the program goes on, lossy in bounded memory, and says what it dropped", async () => {
  const path = children.write(
    "full.js",
    program(
      "stdout({ nonBlocking: true })",
      "console.error(JSON.stringify({ pending: writer.pending, dropped: writer.dropped, heap: process.memoryUsage().rss >> 20 }));",
      200_000,
      "{ lossy: true, maxBytes: 1_000_000, exitTimeout: 200 }",
    ),
  );
  // a pipe of the shell: what Node gives its children are sockets, which have no such way
  const child = spawn("sh", ["-c", `mkfifo full; exec 3<>full; exec "${process.execPath}" ${path} >full`], {
    cwd: children.folder,
  });
  const { err } = await ended(child);
  const { pending, dropped, heap } = JSON.parse(err.split("\n").find((line) => line.startsWith("{"))!) as Record<
    string,
    number
  >;
  assert.ok(pending! <= 1_000_000 && pending! > 500_000, err);
  assert.ok(dropped! > 50_000, err);
  assert.ok(heap! < 250, `${heap} MB`);
  assert.match(err, /the process ends: \d+ lines are lost/);
});

test("back pressure: a slow reader gets every line", async () => {
  const path = children.write("slow.js", program("stdout({ nonBlocking: true })", "", 50_000, "{ maxBytes: 50_000 }"));
  const child = spawn("sh", ["-c", `"${process.execPath}" ${path} | (sleep 0.3; cat)`], { cwd: children.folder });
  whole((await ended(child)).out, 50_000);
});

test("a full disk: what fits is whole, the loss is told with its number, the program ends well", async () => {
  const disk = join(children.folder, "disk");
  mkdirSync(disk);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status !== 0) {
    console.log("skip: a small tmpfs cannot be mounted here");
    return;
  }
  try {
    const path = children.write(
      "disk.js",
      program('file("disk/lines.log")', 'console.error("end");', 20_000, "{ maxBytes: 100_000, lossy: true }"),
    );
    const { code, err } = await children.run(path);
    assert.is(code, 0, err);
    const written = readFileSync(join(disk, "lines.log"), "utf8");
    assert.is(written.length, 65_536);
    written.split("\n").slice(0, -1).forEach((line, i) => assert.is(line, ` INFO line ${i}`)); // prettier-ignore
    assert.match(err, "cannot write lines: Error: ENOSPC");
    assert.match(err, /the process ends: \d+ lines are lost/);
    // and where the disk is emptied in time, nothing is lost
    writeFileSync(join(disk, "lines.log"), "");
    const again = children.write(
      "disk2.js",
      program(
        'file("disk/lines.log")',
        'const { truncateSync, copyFileSync } = await import("node:fs"); copyFileSync("disk/lines.log", "first.log"); truncateSync("disk/lines.log"); writer.flush();',
        6_000,
        "{ maxBytes: 1_000_000 }",
      ),
    );
    assert.is((await children.run(again)).code, 0);
    whole(
      readFileSync(join(children.folder, "first.log"), "utf8") + readFileSync(join(disk, "lines.log"), "utf8"),
      6_000,
    );
  } finally {
    spawnSync("umount", [disk]);
  }
});

test("a file is reopened, by call and by signal, and no line is lost or written twice", async () => {
  const log = join(children.folder, "reopen.log");
  const sink = file(log);
  const writer = buffered(sink, { signals: false });
  writer("a\n");
  writer.flush();
  renameSync(log, `${log}.1`);
  writer("b\n");
  writer.flush();
  sink.reopen();
  writer("c\n");
  await writer.close();
  assert.equal([readFileSync(`${log}.1`, "utf8"), readFileSync(log, "utf8")], ["a\nb\n", "c\n"]);
});

test("a file gets what is new of a chunk, and a sink around one gets just those bytes", async () => {
  const log = join(children.folder, "around.log");
  const inner = file(log);
  const seen: string[] = [];
  const around = {
    ...inner,
    write(bytes: Uint8Array, from: number): number {
      seen.push(Buffer.from(bytes.subarray(from)).toString());
      return inner.write(bytes, from);
    },
  };
  const [plain, wrapped] = [buffered(inner, { signals: false }), buffered(around, { signals: false })];
  for (const line of ["a longer line\n", "b\n"]) {
    plain(line);
    plain.flush();
    wrapped(line);
    wrapped.flush();
  }
  assert.equal(seen, ["a longer line\n", "b\n"]);
  await plain.close();
  assert.is(readFileSync(log, "utf8"), "a longer line\na longer line\nb\nb\n");
});

test("a real logrotate, with its postrotate signal", async () => {
  if (spawnSync("logrotate", ["--version"]).status !== 0) {
    console.log("skip: logrotate is not installed");
    return;
  }
  const { folder } = children;
  const path = children.write(
    "rotate.js",
    `import { registry, text, trace } from "dtracing";
    import { buffered, file } from "dtracing/writers";
    registry().with(text({ timer: false, target: false, writer: buffered(file("rotate.log", { reopenOn: "SIGUSR2" }), { interval: 5 }) })).init();
    let i = 0;
    const timer = setInterval(() => { trace.info("line " + i++); if (i === 200) clearInterval(timer); }, 5);
    console.log("ready");`,
  );
  const child = children.start(path);
  const done = ended(child);
  await printed(child, "ready");
  writeFileSync(
    join(folder, "rotate.conf"),
    `${folder}/rotate.log {\n  rotate 5\n  nocompress\n  su root root\n  postrotate\n    kill -USR2 ${child.pid}\n  endscript\n}\n`,
    { mode: 0o600 },
  );
  for (let i = 0; i < 3; i++) {
    await sleep(250);
    const { status, stderr } = spawnSync(
      "logrotate",
      ["--force", "--state", join(folder, "rotate.state"), join(folder, "rotate.conf")],
      { encoding: "utf8" },
    );
    assert.is(status, 0, stderr);
  }
  assert.is((await done).code, 0);
  const parts = readdirSync(folder).filter((name) => name.startsWith("rotate.log")).sort().toReversed(); // prettier-ignore
  assert.is(parts.length, 4);
  assert.ok(parts.every((name) => statSync(join(folder, name)).size > 0));
  whole(parts.map((name) => readFileSync(join(folder, name), "utf8")).join(""), 200);
});

test("sonic-boom in buffer mode gets whole chunks, and exit loses nothing", async () => {
  if (!children.use("sonic-boom", "atomic-sleep")) return;
  for (const options of ["sync: true", "sync: true, maxLength: 1 << 20"]) {
    const log = join(children.folder, "sonic.log");
    writeFileSync(log, "");
    const target = `stream(new SonicBoom({ dest: "sonic.log", contentMode: "buffer", ${options} }))`;
    const text = program(
      target,
      "await new Promise((f) => setTimeout(f, 50)); trace.info('line 5000'); process.exit(0);",
      5_000,
      "{ size: 3000, interval: 60_000 }",
    );
    const path = children.write(
      "sonic.js",
      text.replace("import { buffered, file", 'import SonicBoom from "sonic-boom"; import { stream, buffered, file'),
    );
    const { code, err } = await children.run(path);
    assert.is(code, 0, err);
    whole(readFileSync(log, "utf8"), 5_001);
  }
});

test("a SonicBoom that would change the order of lines is refused", () => {
  const writable = { sync: false, flushSync() {}, write: () => true, on() {}, once() {}, end() {} };
  assert.throws(() => stream(writable), "give SonicBoom { sync: true }");
});

test("rotation by size through rotating-file-stream, every line once and in order", async () => {
  if (!children.use("rotating-file-stream")) return;
  const path = children.write(
    "rfs.js",
    program(
      'stream(createStream((_, i) => i ? "rfs." + String(i).padStart(4, "0") : "rfs.log", { size: "8K", path: "rotated" }))',
      "await writer.close();",
      5_000,
      "{ size: 2000 }",
    ).replace(
      "import { buffered, file",
      'import { createStream } from "rotating-file-stream"; import { stream, buffered, file',
    ),
  );
  const { code, err } = await children.run(path);
  assert.is(code, 0, err);
  const folder = join(children.folder, "rotated");
  const names = readdirSync(folder).filter((name) => /^rfs\.(\d+|log)$/.test(name)).sort(); // prettier-ignore
  assert.ok(names.length > 5, names.join());
  whole(names.map((name) => readFileSync(join(folder, name), "utf8")).join(""), 5_000);
});

test("a stream that fails is told and ends as a writer that is gone", async () => {
  const { Writable } = await import("node:stream");
  const bad = new Writable({ write: (_chunk, _encoding, done) => done(new Error("on purpose")) });
  const writer = buffered(stream(bad as never), { interval: 0, signals: false });
  const { error } = console;
  const told: string[] = [];
  console.error = (...values: unknown[]) => void told.push(values.join(" "));
  try {
    writer("a\n");
    await sleep(5);
    writer("b\n");
    writer("c\n");
  } finally {
    console.error = error;
  }
  assert.is(writer.dropped, 2);
  assert.match(told.join("\n"), "a stream that lines are written to failed");
  assert.not(existsSync("nowhere"));
});

test("pino-pretty reads the preset, jq reads all of them", async () => {
  if (!children.use("pino-pretty", "pino")) return;
  const path = children.write(
    "shapes.js",
    `import { registry, json, pinoShape, ecsShape, otelShape, trace } from "dtracing";
    const shape = { pino: pinoShape, ecs: ecsShape, otel: otelShape }[process.env.SHAPE];
    registry().with(json({ shape: shape?.() })).init();
    const span = trace.infoSpan("request", { id: 7 });
    span.inScope(() => { trace.info({ rows: 3, text: "a\\nb" }, "found"); trace.error({ error: new TypeError("bad") }, "failed"); });`,
  );
  const { out } = await children.run(path, undefined, { SHAPE: "pino" });
  const bin = join(children.folder, "node_modules/pino-pretty/bin.js");
  const pretty = spawnSync(process.execPath, [bin, "--colorize=false"], {
    input: out,
    encoding: "utf8",
    cwd: children.folder,
  });
  assert.is(pretty.status, 0, pretty.stderr);
  assert.match(
    pretty.stdout,
    /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO \(app::shapes\/\d+\): found\n {4}rows: 3\n {4}text: "a\\nb"\n {4}spans: \[/,
  );
  assert.match(
    pretty.stdout,
    /ERROR \(app::shapes\/\d+\): failed\n[^]* {4}err: \{\n {6}"type": "TypeError",\n(?: {6}.*\n)* {6}"stack":\n {10}TypeError: bad\n {14}at /,
  );
  if (spawnSync("jq", ["--version"]).status !== 0) {
    console.log("skip: jq is not installed");
    return;
  }
  for (const shape of ["", "pino", "ecs", "otel"]) {
    const { out } = await children.run(path, undefined, { SHAPE: shape });
    const jq = spawnSync("jq", ["-c", "keys_unsorted | length > 5"], { input: out, encoding: "utf8" });
    assert.is(jq.stdout, "true\ntrue\n", jq.stderr);
  }
});

test.run();
