/**
 * What `@instrument` costs, as ratios in one run: `npm run bench:instrument`, after
 * `npm ci --prefix bench` and `npm ci --prefix fixtures/hosts/node-versions`.
 * Every cell is a process of its own, in random order, several rounds each; the median counts.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

const plain = `
export async function asynchronous(a, b) {
  let sum = a;
  sum += await b;
  sum += await b;
  sum += await b;
  return sum;
}
export function synchronous(a, b) {
  let sum = a;
  for (let i = 0; i < 20; i++) sum = (sum * 31 + b) | 0;
  return sum;
}
`;
const source = plain.replaceAll("export ", "/** @instrument */\nexport ");

const cells = {
  plain: "",
  disabled: "",
  "AsyncLocalStorage.run": `
    const { AsyncLocalStorage } = await import("node:async_hooks");
    const als = new AsyncLocalStorage();
    const store = {};
    wrap = (f) => (a, b) => als.run(store, f, a, b);`,
  "ours, compiled, bare subscriber": `
    const { dispatch, setGlobalDefault, setContextMode } = await import("dtracing");
    setContextMode("compiled");
    let id = 0;
    const none = () => {};
    setGlobalDefault(dispatch({ enabled: () => true, newSpan: () => ++id, record: none, recordFollowsFrom: none, event: none, enter: none, exit: none, tryClose: () => true }));`,
  "ours, default, bare subscriber": `
    const { dispatch, setGlobalDefault } = await import("dtracing");
    let id = 0;
    const none = () => {};
    setGlobalDefault(dispatch({ enabled: () => true, newSpan: () => ++id, record: none, recordFollowsFrom: none, event: none, enter: none, exit: none, tryClose: () => true }));`,
  "ours, compiled, registry": `
    const { registry, setContextMode } = await import("dtracing");
    setContextMode("compiled");
    registry().with({ onNewSpan() {}, onClose() {} }).init();`,
  "ours, default, registry": `
    const { registry } = await import("dtracing");
    registry().with({ onNewSpan() {}, onClose() {} }).init();`,
  "OpenTelemetry startActiveSpan": `
    const { BasicTracerProvider } = await import("@opentelemetry/sdk-trace-base");
    const { AsyncLocalStorageContextManager } = await import("@opentelemetry/context-async-hooks");
    const { context, trace } = await import("@opentelemetry/api");
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const idle = { onStart() {}, onEnd() {}, shutdown: async () => {}, forceFlush: async () => {} };
    const tracer = new BasicTracerProvider({ spanProcessors: [idle] }).getTracer("bench");
    const run = (f, name) => (a, b) =>
      tracer.startActiveSpan(name, { attributes: { a, b } }, (span) => {
        try {
          const result = f(a, b);
          if (result instanceof Promise) return result.finally(() => span.end());
          span.end();
          return result;
        } catch (error) {
          span.end();
          throw error;
        }
      });
    wrap = run;`,
};

if (process.argv[2] === "--cell") await measure(process.argv[3], process.argv[4]);
else await main();

/** Nanoseconds per call, the median of several rounds. */
async function measure(cell, folder) {
  let wrap = (f) => f;
  const set = new Function(
    "imported",
    `return (async () => { let wrap; ${cells[cell].replaceAll("await import(", "await imported(")}; return wrap; })()`,
  );
  const require = createRequire(join(folder, "package.json"));
  const imported = (name) =>
    name.startsWith("@opentelemetry/")
      ? import(pathToFileURL(createRequire(join(here, "package.json")).resolve(name)).href)
      : import(pathToFileURL(name.startsWith("node:") ? "" : resolveEsm(require, name)).href);
  wrap = (await set((name) => (name.startsWith("node:") ? import(name) : imported(name)))) ?? wrap;
  const file = cell.startsWith("ours") || cell === "disabled" ? "instrumented.mjs" : "plain.mjs";
  const module = await import(pathToFileURL(join(folder, file)).href);
  const asynchronous = wrap(module.asynchronous, "asynchronous");
  const synchronous = wrap(module.synchronous, "synchronous");
  const time = async (rounds, count, f) => {
    const results = [];
    for (let round = 0; round < rounds; round++) {
      const start = spent();
      await f(count);
      results.push((spent() - start) / count);
    }
    return results.slice(2).toSorted((a, b) => a - b)[Math.floor((rounds - 2) / 2)];
  };
  let sink = 0;
  const asyncTime = await time(15, 50_000, async (count) => {
    for (let i = 0; i < count; i++) sink += await asynchronous(i, 1);
  });
  const syncTime = await time(15, 300_000, (count) => {
    for (let i = 0; i < count; i++) sink += synchronous(i, 1);
  });
  console.log(JSON.stringify({ asyncTime, syncTime, sink: sink & 1 }));
}

/** Nanoseconds of processor time, which other programs on the machine do not change much; of this thread where Node can say. */
function spent() {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) * 1000;
}

function resolveEsm(require, name) {
  return require.resolve(name).replace("/dist/cjs/", "/dist/");
}

async function main() {
  const { applyText, resolveOptions, transform } = await import("../dist/transformer/index.js");
  const folder = mkdtempSync(join(tmpdir(), "dtracing-bench-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
  writeFileSync(join(folder, "package.json"), `{ "name": "bench", "type": "module" }`);
  const options = resolveOptions({}, { cwd: folder, production: true });
  const { edits } = transform(source, join(folder, "a.mjs"), options);
  writeFileSync(join(folder, "instrumented.mjs"), applyText(source, edits, "a.mjs").code);
  writeFileSync(join(folder, "plain.mjs"), plain);
  const rounds = Number(process.env.ROUNDS ?? 3);
  for (const version of process.env.NODES?.split(",") ?? ["20", "22", "24", "26"]) {
    const packaged = join(root, `fixtures/hosts/node-versions/node_modules/node-${version}/bin/node`);
    const node = process.versions.node.startsWith(`${version}.`) ? process.execPath : packaged;
    if (!existsSync(node)) continue;
    const times = {};
    const jobs = Array.from({ length: rounds }, () => Object.keys(cells)).flat();
    for (const cell of jobs.toSorted(() => Math.random() - 0.5)) {
      const { stdout, stderr } = spawnSync(node, [fileURLToPath(import.meta.url), "--cell", cell, folder], {
        encoding: "utf8",
        env: { ...process.env, NODE_ENV: "production" },
      });
      if (!stdout) console.error(`${cell}: ${stderr.slice(0, 500)}`);
      else (times[cell] ??= []).push(JSON.parse(stdout));
    }
    print(spawnSync(node, ["-v"], { encoding: "utf8" }).stdout.trim(), times);
  }
  rmSync(folder, { recursive: true, force: true });
}

function print(version, times) {
  const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
  const of = (cell, key) => median((times[cell] ?? []).map((one) => one[key]));
  console.log(`\n${version}                            async, 3 awaits                      sync`);
  const bare = { asyncTime: 0, syncTime: 0 };
  for (const key of Object.keys(bare)) bare[key] = of("AsyncLocalStorage.run", key) - of("plain", key);
  for (const cell of Object.keys(cells)) {
    if (times[cell] === undefined) continue;
    const columns = ["asyncTime", "syncTime"].map((key) => {
      const ns = of(cell, key);
      const added = ns - of("plain", key);
      const ratio =
        cell === "plain"
          ? ""
          : cell === "disabled"
            ? `${(ns / of("plain", key)).toFixed(2)}x plain`
            : `+${added.toFixed(0)} ns, ${(added / bare[key]).toFixed(2)}x run`;
      return `${ns.toFixed(0).padStart(6)} ns ${ratio.padEnd(24)}`;
    });
    console.log(`${cell.padEnd(34)}${columns.join("  ")}`);
  }
  const otel = of("OpenTelemetry startActiveSpan", "asyncTime") - of("plain", "asyncTime");
  for (const cell of Object.keys(cells).filter((one) => one.startsWith("ours"))) {
    console.log(
      `${cell}: OpenTelemetry adds ${(otel / (of(cell, "asyncTime") - of("plain", "asyncTime"))).toFixed(1)}x as much`,
    );
  }
}
