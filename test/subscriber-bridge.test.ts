/** Span traces, limits, and the bridges with the real packages. */
import { channel } from "node:diagnostics_channel";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Layer, Metadata } from "dtracing";
import {
  and,
  captureSpanTrace,
  dynamicFilterFn,
  envFilter,
  errorLayer,
  rateLimit,
  registry,
  sample,
  spanTraceOf,
  text,
  traced,
  withFilter,
} from "dtracing";
import { bridgeChannel, bridgeConsole, fromPino, pinoLike, toPino } from "dtracing/bridge";
import * as $dt from "dtracing/internal";
import { Children, ended } from "./helpers/child.ts";
import { alone, layer, lineOf, sites } from "./helpers/record.ts";

const children = new Children();
test.after(() => children.close());

const $sites = sites(
  [
    ["span", 3, 1, 1, "id", "outer"],
    ["span", 3, 2, 1, "", "inner"],
    ["event", 3, 3, 1, "n", "x"],
    ["event", 3, 4, 1, "error", "failed"],
    ["event", 3, 5, 1, "n", "y"],
    ["event", 1, 6, 1, "", "e"],
    ["event", 4, 7, 1, "", "d"],
    ["event", 5, 8, 1, "", "t"],
  ],
  "app",
  "src/a.ts",
);
const span = (i: number, ...values: unknown[]) => $dt.span($sites, i)?.(...values) ?? $dt.none;
const event = (i: number, ...values: unknown[]): void => void $dt.event($sites, i)?.(...values);

test("a span trace has the spans of its moment, leaf to root, as text too (row 196)", () => {
  assert.is(captureSpanTrace().status, "unsupported");
  alone(registry().with(layer([])), () => {
    assert.is(captureSpanTrace().status, "empty");
    const outer = span(0, 7);
    const made = outer.inScope(() => span(1).inScope(() => captureSpanTrace()));
    outer.record("id", 8);
    assert.is(made.status, "captured");
    assert.is(
      `${made}`,
      `   0: app::inner
             at src/a.ts:2
   1: app::outer
           with id=7
             at src/a.ts:1`,
    );
  });
});

test("an error keeps its first trace, and that of its cause; the layer gives it one (rows 196, 197)", () => {
  alone(registry().with(errorLayer()), () => {
    const error = new Error("e");
    assert.is(spanTraceOf(error), undefined);
    span(0, 7).inScope(() => event(3, error));
    assert.is(spanTraceOf(error)!.spans[0]!.name, "outer");
    span(1).inScope(() => traced(error));
    assert.is(spanTraceOf(new Error("around", { cause: error }))!.spans[0]!.name, "outer");
    // where it arose, not where it was wrapped
    const wrapped = new Error("wrapped", { cause: error });
    span(1).inScope(() => traced(wrapped));
    assert.is(spanTraceOf(wrapped)!.spans[0]!.name, "outer");
    assert.is(spanTraceOf("no error"), undefined);
  });
});

test("one in N of each callsite, decided before the arguments are built", () => {
  const log: string[] = [];
  const filter = sample(3);
  let built = 0;
  let x: Metadata | undefined;
  const sees: Layer = { ...layer(log), enabled: (metadata) => (metadata.message === "x" && (x = metadata), true) };
  alone(registry().with(withFilter(sees, filter)), () => {
    for (let i = 0; i < 7; i++) $dt.event($sites, 2)?.((built++, i));
    event(4, 0);
  });
  assert.equal(log, ["x n=0", "x n=3", "x n=6", "y n=0"]);
  assert.is(built, 3);
  assert.is(filter.suppressed(), 4);
  assert.is(filter.suppressed(x), 4);
  assert.is(filter.suppressed({ ...x! }), 0);
});

test("limits let spans pass, also where each one is asked about", () => {
  const log: string[] = [];
  const asks = dynamicFilterFn(() => true);
  alone(registry().with(withFilter(layer(log), and(asks, sample(100)))), () => {
    for (let i = 0; i < 3; i++) span(0, i).inScope(() => event(2, i));
  });
  assert.equal(log.filter((line) => line.startsWith("new") || line.includes("x n=")), ["new outer", "outer:x n=0", "new outer", "new outer"]); // prettier-ignore
});

test("so many per second of each callsite; behind another filter only what passes counts", () => {
  const log: string[] = [];
  let now = 0;
  const limit = rateLimit(2, { now: () => now });
  const first = dynamicFilterFn(({ message }) => message !== "y" || now >= 1000);
  alone(registry().with(withFilter(layer(log), and(first, limit))), () => {
    for (let i = 0; i < 10; i++, now += 100) {
      event(2, i);
      // not counted: what comes first holds it back
      event(4, i);
    }
    event(4, 0);
    span(0).inScope(() => {});
  });
  assert.equal(log, ["x n=0", "x n=1", "x n=5", "y n=0", "new outer", "enter outer", "exit outer"]);
  assert.is(limit.suppressed(), 7);
});

test("console: every method, an Error as a field, and back again", () => {
  const log: string[] = [];
  const original = console.log;
  const restore = bridgeConsole();
  try {
    alone(registry().with(withFilter(layer(log), envFilter("console=info"))), () => {
      console.log("a %s", 1, { b: 2 });
      console.debug("not wanted");
      console.error("failed", new TypeError("t"));
    });
  } finally {
    restore();
  }
  assert.is(console.log, original);
  assert.equal(log, ["a 1 { b: 2 }", "failed TypeError: t error=TypeError: t"]);
});

test("console: an output that prints to it, and what we say of ourselves, come through", () => {
  const printed: string[] = [];
  const { log, warn } = console;
  console.log = console.warn = (...values: unknown[]) => void printed.push(values.join(" ").trim());
  const restore = bridgeConsole();
  try {
    alone(registry().with(text({ timer: false, ansi: false, writer: (line) => console.log(line) })), () => {
      console.log("hello");
      console.warn("dtracing: something");
    });
  } finally {
    restore();
    Object.assign(console, { log, warn });
  }
  assert.equal(printed, ["INFO console: hello", "dtracing: something"]);
});

test("diagnostics_channel: an event for each message, until it ends", () => {
  const log: string[] = [];
  const end = bridgeChannel("my:channel", { level: 3 });
  alone(registry().with(layer(log)), () => {
    channel("my:channel").publish({ path: "/a" });
    channel("my:channel").publish("text");
    end();
    channel("my:channel").publish({ path: "/b" });
  });
  assert.equal(log, ["my:channel path=/a", "text"]);
});

/** Level and target of each event, before its line. */
const levelled = (log: string[]): Layer => ({
  onEvent: (event) => log.push(`${event.metadata.level} ${event.metadata.target} ${lineOf(event)}`),
});

test("bridges give their events levels and targets", () => {
  const log: string[] = [];
  const ends = [bridgeChannel("one:channel", { level: 2 }), bridgeChannel("two:channel", { target: "other" })];
  const pino = fromPino({ target: "svc" });
  alone(registry().with(levelled(log)), () => {
    channel("one:channel").publish("a");
    channel("two:channel").publish("b");
    for (const level of [10, 20, 30, 40, 50, 60, "warn", "fatal", "custom"]) pino.write(JSON.stringify({ level, msg: "c" }));
    pino.write('not JSON\n{"level":30,"name":"named","msg":"d"}\n');
  });
  ends.forEach((end) => end());
  assert.equal(log, [
    "2 one:channel a",
    "4 other b",
    ...[5, 4, 3, 2, 1, 1, 2, 1, 3].map((level) => `${level} svc c`),
    "3 svc not JSON",
    "3 named d",
  ]);
}); // prettier-ignore

test("a logger with pino's interface: levels, bindings of all its parents, errors", () => {
  const log: string[] = [];
  const logger = pinoLike({ target: "http" });
  const child = logger.child({ a: 1 }).child({ b: 2 });
  alone(registry().with(levelled(log)), () => {
    for (const level of ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const) logger[level]("x %d", 1);
    child.info({ c: 3 }, "y");
    child.warn("z");
    child.error(new TypeError("t"));
    child.error({ err: new TypeError("u") });
  });
  assert.equal(log, [
    ...[5, 4, 3, 2, 1, 1].map((level) => `${level} http x 1`),
    "3 http y a=1 b=2 c=3",
    "2 http z a=1 b=2",
    "1 http t a=1 b=2 error=TypeError: t",
    "1 http a=1 b=2 error=TypeError: u",
  ]);
}); // prettier-ignore

test("targets without end do not fill the memory", async () => {
  const path = children.write(
    "targets.js",
    `import { emitter } from "dtracing/bridge"; import { registry } from "dtracing"; import { setImmediate } from "node:timers/promises";
    let last; registry().with({ onEvent: (event) => void (last = event.metadata.target) }).init();
    for (let i = 0; i < 25_000; i++) emitter("t" + i)(3, "x");
    await setImmediate(); globalThis.gc();
    const modules = [...globalThis[Symbol.for("dtracing.v1")].modules.values()];
    console.log(last, modules.filter((weak) => weak.deref()).length <= 10_000);`,
  );
  const { out } = await ended(children.start(path, {}, ["--expose-gc"]));
  assert.is(out, "t24999 true\n");
});

test("our events go to a logger with pino's interface", () => {
  const calls: unknown[] = [];
  const log =
    (method: string) =>
    (fields: object, message?: string): void =>
      void calls.push([method, fields, message]);
  const error = new TypeError("t");
  alone(registry().with(toPino({ error: log("error"), warn: log("warn"), info: log("info"), debug: log("debug"), trace: log("trace") })), () => {
    span(0, 7).inScope(() => span(1).inScope(() => event(2, 1)));
    event(3, error);
    for (let i = 5; i < 8; i++) event(i);
  }); // prettier-ignore
  assert.equal(calls, [
    ["info", { target: "app", n: 1, spans: [{ name: "outer", id: 7 }, { name: "inner" }] }, "x"],
    ["info", { target: "app", err: error }, "failed"],
    ["error", { target: "app" }, "e"],
    ["debug", { target: "app" }, "d"],
    ["trace", { target: "app" }, "t"],
  ]); // prettier-ignore
});

const head =
  'import { registry, text, trace } from "dtracing"; import { bridgeDebug, fromPino, pinoLike, toPino } from "dtracing/bridge"; registry().with(text({ timer: false })).init();';

test("the real pino, as a source and as a destination", async () => {
  if (!children.use("pino")) return;
  const path = children.write(
    "pino.js",
    `${head} import pino from "pino";
    const log = pino({ name: "svc", level: "trace" }, fromPino());
    log.info({ a: 1 }, "hello"); log.child({ b: 2 }).warn("child"); log.error(new TypeError("t")); log.trace("fine"); log.fatal("end");`,
  );
  const { out, err } = await children.run(path);
  const lines = out.trimEnd().split("\n");
  assert.is(lines.length, 5, err);
  assert.equal(
    lines.filter((_, i) => i !== 2),
    [" INFO svc: hello a=1", " WARN svc: child b=2", "TRACE svc: fine", "ERROR svc: end"],
  );
  assert.match(lines[2]!, /^ERROR svc: t err=\{"type":"TypeError","message":"t","stack":"/);
  const other = children.write(
    "topino.js",
    'import { registry, trace } from "dtracing"; import { toPino } from "dtracing/bridge"; import pino from "pino"; registry().with(toPino(pino({ base: null, timestamp: false }))).init(); trace.infoSpan("s", { id: 1 }).inScope(() => trace.warn({ a: 1 }, "hello"));',
  );
  assert.is(
    (await children.run(other)).out,
    '{"level":40,"target":"app::topino","a":1,"spans":[{"name":"s","id":1}],"msg":"hello"}\n',
  );
});

test("the real debug", async () => {
  if (!children.use("debug", "ms")) return;
  const path = children.write(
    "debug.js",
    `${head} import debug from "debug"; const end = bridgeDebug(debug); debug("app:db")("found %d rows %o", 3, { a: 1 }); end(); debug("app:db")("own");`,
  );
  const { out, err } = await children.run(path);
  assert.is(out, "DEBUG app:db: found 3 rows { a: 1 }\n");
  assert.match(err, /app:db own/);
});

test("the real Fastify's loggerInstance", async () => {
  if (!children.use("fastify")) return;
  const path = children.write(
    "fastify.js",
    `${head} import Fastify from "fastify";
    const app = Fastify({ loggerInstance: pinoLike({ target: "http" }) });
    app.get("/a", (request) => { request.log.info({ user: "eve" }, "in handler"); return "ok"; });
    app.get("/b", () => { throw new TypeError("bad"); });
    await app.inject("/a"); await app.inject("/b");`,
  );
  const { out, err, code } = await children.run(path);
  assert.is(code, 0, err);
  const lines = out.trimEnd().split("\n");
  assert.match(lines[0]!, /^ INFO http: incoming request reqId="req-1" req=\{"method":"GET","url":"\/a"\}$/);
  assert.is(lines[1], ' INFO http: in handler reqId="req-1" user="eve"');
  assert.match(lines[2]!, /^ INFO http: request completed reqId="req-1" res=\{"statusCode":200\} responseTime=/);
  assert.match(
    lines.find((line) => line.startsWith("ERROR")) ?? "",
    /^ERROR http: bad reqId="req-2" .*error=TypeError: bad/,
  );
});

test.run();
