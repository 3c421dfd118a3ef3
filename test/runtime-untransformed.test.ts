/** Programs that no build has touched: the same output and one warning; auto; two copies of the package. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("..", import.meta.url));
const app = mkdtempSync(join(tmpdir(), "dtracing-app-"));
mkdirSync(join(app, "node_modules"));
symlinkSync(root, join(app, "node_modules/dtracing"));
writeFileSync(join(app, "package.json"), '{ "name": "app", "type": "module" }');
test.after(() => rmSync(app, { recursive: true }));

/** Runs files of a package called app; answers stdout and stderr as lines, timestamps removed. */
function run(files: Record<string, string>, args: string[] = [], env: Record<string, string> = {}) {
  const names = Object.keys(files);
  for (const name of names) {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), files[name]!);
  }
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args, names[0]!], {
    cwd: app,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...env },
  });
  const lines = (text: string): string[] => text.split("\n").filter(Boolean);
  return {
    out: lines(stdout).map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z"?,? ?/, "")),
    err: lines(stderr),
    status,
  };
}

/** The same program, as it is written and as it is generated. */
const written = `
import { registry, text, json, trace, display, Level } from "dtracing";
registry().with(text({ timer: false })).with(json({ timer: false })).init();
const log = trace.with({ target: "db" });
function serve(path) {
  trace.debug({ path }, "received");
  using query = trace.infoSpan("query", { table: "users", later: undefined }).entered();
  query.record("later", 1);
  const rows = [1, 2];
  trace.info(\`found \${rows.length} rows\`, { rows: rows.length });
  log.warn({ path, id: display("x") }, "slow {path} {nope}");
  trace.error(new TypeError("bad"));
  trace.with({ parent: null }).info({ ...{ a: 1, b: null } });
  trace.event(Level.INFO, "dynamic");
  log.span("warn", "inner").inScope(() => trace.trace("deep"));
}
serve("/a");
console.log(trace.enabled("trace"), trace.spanEnabled(Level.ERROR));
`;
const generated = `
import * as $dt from "dtracing/internal"; const $on = $dt.cells($sites);
import { registry, text, json, display } from "dtracing";
registry().with(text({ timer: false })).with(json({ timer: false })).init();
function serve(path) {
  $on[0] !== 0 && $dt.event($sites, 0)?.(path);
  using query = ($on[1] !== 0 && $dt.span($sites, 1)?.("users", undefined) || $dt.none).entered();
  query.record("later", 1);
  const rows = [1, 2];
  $on[2] !== 0 && $dt.event($sites, 2)?.(\`found \${rows.length} rows\`, rows.length);
  $on[3] !== 0 && $dt.event($sites, 3)?.(path, display("x"));
  $on[4] !== 0 && $dt.event($sites, 4)?.(new TypeError("bad"));
  $on[5] !== 0 && $dt.event($sites, 5)?.(null, { ...{ a: 1, b: null } });
  $on[6] !== 0 && $dt.event($sites, 6)?.();
  ($on[7] !== 0 && $dt.span($sites, 7)?.() || $dt.none).inScope(() => $on[8] !== 0 && $dt.event($sites, 8)?.());
}
serve("/a");
console.log($on[9] !== 0 && $dt.enabled($sites, 9), $on[9] !== 0 && $dt.enabled($sites, 9));
function $sites() { return ["src/server.js", "1", "app::server", "4c32133b5q", \`
[5,3,["path"],"received"]
[6,3,["table","later"],"query"]
[7,3,["message","rows"]]
[8,3,["path","id"],"slow {path} {nope}"]
[9,3,["..."]]
[10,3,["^","..."]]
[11,3,[],"dynamic"]
[12,3,[],"inner"]
[13,3,[],"deep"]
[14,3]
\`, 0, { 3: "db", 7: "db" }]; }
`;
/** Node 20 does not know \`using\`; what the compiler makes of it is the same for both. */
const lower = (code: string): string =>
  code
    .replace(/using query = (.*);/, "const query = $1; try {")
    .replace(/^}\nserve/m, "} finally { query.close(); } }\nserve");

test("an untransformed program has the output of the transformed one, file and line excepted, and one warning", () => {
  const plain = run({ "src/server.js": lower(written) });
  const built = run({ "src/server.js": lower(generated) });
  const withoutPlace = built.out.map((line) =>
    line
      .replace(/,"file":"src\/server.js","line":\d+/, "")
      .replace(/src\/server.js:\d+:\d+/, "AT")
      .replaceAll(/"stack":"[^"]*"/g, "STACK"),
  );
  assert.is(plain.out.length, 15);
  assert.equal(
    plain.out.map((line) => line.replaceAll(/"stack":"[^"]*"/g, "STACK")),
    withoutPlace,
  );
  assert.equal(built.err, []);
  assert.is(plain.err.length, 4);
  assert.match(
    plain.err[0]!,
    /^dtracing: not built with the dtracing plugin, first seen at .*src\/server\.js:\d+:\d+\. /,
  );
  assert.match(plain.err.join("\n"), 'import dtracing from "dtracing/vite";    plugins: [dtracing()]');
  assert.match(plain.err.join("\n"), '"plugins": [{ "transform": "dtracing/ts-transformer" }]');
});

test("the default target is that of the file that calls, in each of them, from source or dist", () => {
  const { out } = run({
    "src/main.js":
      'import { registry, text } from "dtracing"; registry().with(text()).init(); await import("./db/index.js"); await import("../dist/x.js");',
    "src/db/index.js": 'import { trace } from "dtracing"; trace.info("a"); (() => trace.info("b"))();',
    "dist/x.js":
      'import { trace } from "dtracing"; async function f() { await 1; trace.info("c"); } await f(); new (class A { constructor() { trace.info("d"); } })();',
  });
  assert.equal(out, [" INFO app::db: a", " INFO app::db: b", " INFO app::x: c", " INFO app::x: d"]);
});

test("without a subscriber it does nothing and says nothing", () => {
  const { out, err, status } = run({
    "src/quiet.js":
      'import { trace } from "dtracing"; trace.info({ get a() { throw 1 } }, "x"); trace.infoSpan("s").entered().close(); trace.event("loud", "x");',
  });
  assert.equal([out, err, status], [[], [], 0]);
});

test("bad input never throws", () => {
  const { out, status } = run({
    "src/bad.js": `import { registry, text, trace } from "dtracing"; registry().with(text({ timer: false })).init();
      Error.prepareStackTrace = () => { throw new Error("mine"); };
      trace.info(); trace.info(null); trace.info(undefined, "u"); trace.info(1, 2); trace.info(Symbol("s")); trace.info([1]);
      trace.info(new Proxy({}, { ownKeys() { throw new Error("keys"); } }), "proxy");
      trace.info({ "^": 1, "...": 2, "a,b": 3 }, "names");
      trace.event("loud", "x"); trace.span({ toString() { throw 1 } }, "x").close(); trace.infoSpan().close(); trace.enabled();
      trace.with({ parent: 5, target: 3 }).info("odd");`,
  });
  assert.is(status, 0);
  assert.ok(out.includes(" INFO app::bad: names ^=1 ...=2 a,b=3"), out.join("\n"));
  assert.match(out.join("\n"), /proxy \.\.\.=\[threw Error: keys\]/);
});

const hello = { "src/hello.js": 'import { trace } from "dtracing"; trace.debug("d"); trace.info({ a: 1 }, "hello");' };
const auto = ["--import", "dtracing/auto"];

test("auto writes text at info, without colours into a pipe", () => {
  assert.equal(run(hello, auto).out, [" INFO app::hello: hello a=1"]);
});

test("auto takes its filter and format from the environment", () => {
  const { out } = run(hello, auto, { DTRACING_LOG: "off,app=debug", DTRACING_FORMAT: "json" });
  assert.equal(
    out.map((line) => (JSON.parse(line.replace('"timestamp":"', "")) as { level: string }).level),
    ["DEBUG", "INFO"],
  );
  assert.match(run(hello, auto, { FORCE_COLOR: "1" }).out[0]!, "\x1b[32m INFO\x1b[0m");
  assert.not.match(run(hello, auto, { FORCE_COLOR: "1", NO_COLOR: "1" }).out[0]!, "\x1b");
});

test("auto says what is wrong with its environment and goes on", () => {
  const { out, err } = run(hello, auto, { DTRACING_LOG: "app=loud", DTRACING_FORMAT: "xml" });
  assert.equal(out, [" INFO app::hello: hello a=1"]);
  assert.match(
    err[0]!,
    'dtracing: DTRACING_LOG: unknown level "loud": use off, error, warn, info, debug, trace or 0 to 5; at column 5',
  );
  assert.match(
    err[1]!,
    'dtracing: unknown DTRACING_FORMAT "xml": use text, compact, pretty, tree, json, pino; text is used',
  );
});

test("ESM and CommonJS copies share one subscriber, one context and one set of callsites", () => {
  const { out, err } = run({
    "src/copies.js": `import { createRequire } from "node:module";
      import * as esm from "dtracing"; import * as one from "dtracing/internal";
      const require = createRequire(import.meta.url); const cjs = require("dtracing"); const two = require("dtracing/internal");
      if (esm.registry === cjs.registry || !cjs.__esModule) throw new Error("not two copies");
      cjs.registry().with(cjs.text({ timer: false })).init();
      const a = () => ["src/a.js", "h", "app", "c33", '\\n[1,1,["n"],"s"]\\n[2,1,["n"],"x"]\\n[2,1,["^","n"],"x"]\\n'];
      const b = () => a();
      console.log(one.cells(a) === two.cells(b));
      const span = one.span(a, 0)(esm.display("shown"));
      await span.inScope(async () => { await 1; two.event(b, 1)?.(esm.Empty); cjs.Span.current().record("n", 2); });
      two.event(b, 2)?.(span, cjs.debug(1)); two.event(b, 2)?.(two.none, 1);
      try { esm.registry().init(); } catch (error) { console.log(error.message.slice(0, 51)); }
      console.log(esm.registry().tryInit());`,
  });
  assert.equal(err, []);
  assert.equal(out, [
    "true",
    " INFO s{n=shown}: app: x",
    " INFO s{n=2}: app: x n=1",
    " INFO app: x n=1",
    "a global default dispatcher has already been set; c",
    "false",
  ]);
});

test("two versions that cannot share say so once", () => {
  const { err } = run({
    "src/abi.js":
      'globalThis[Symbol.for("dtracing.v1")] = { abi: 99, told: new Set() }; await import("dtracing"); await import("dtracing/internal");',
  });
  assert.equal(err, [
    "dtracing: two versions that cannot share a subscriber are loaded (abi 99 and 1); install one of them",
  ]);
});

test("where there is no node, the context is a variable and lines go to the console by level", () => {
  const { out, err, status } = run({
    "src/browser.js": `process.getBuiltinModule = undefined;
      const { registry, text, trace } = await import("dtracing");
      registry().with(text({ timer: false })).init();
      const a = trace.infoSpan("a"); const b = trace.infoSpan("b");
      const inside = a.inScope(async () => { trace.warn("in a"); await 1; trace.info("may be missing"); });
      b.inScope(() => trace.info("in b"));
      using(a.enter(), () => trace.error("in a"));
      function using(guard, f) { f(); guard.exit(); }
      await inside; trace.info("out");`,
  });
  assert.is(status, 0, err.join("\n"));
  assert.equal(
    out.map((line) => line.replace(/[\w:-]*browser: /, "")),
    [" INFO b: in b", " INFO may be missing", " INFO out"],
  );
  const lines = err.filter((line) => /^( WARN|ERROR)/.test(line));
  assert.equal(
    lines.map((line) => line.replace(/[\w:-]*browser: /, "")),
    [" WARN a: in a", "ERROR a: in a"],
  );
});

test("a reader that goes away is told once and does not crash the program", () => {
  const file = join(app, "src/pipe.js");
  writeFileSync(
    file,
    'import { registry, text, trace } from "dtracing"; registry().with(text()).init(); for (let i = 0; i < 1e5; i++) trace.info("x".repeat(100)); console.error("end");',
  );
  const piped = spawnSync(
    "sh",
    ["-c", `{ "${process.execPath}" ${file} 2>err.txt; echo $? >rc.txt; } | head -1; cat rc.txt err.txt`],
    {
      cwd: app,
      encoding: "utf8",
    },
  ).stdout.split("\n");
  assert.is(piped[1], "0");
  assert.is(piped.filter((line) => line.includes("cannot write to stdout any more")).length, 1);
  assert.ok(piped.includes("end"));
});

test.run();
