/**
 * Guards against paths that became slow: each cost is a ratio to something of the same kind, measured in turns in the
 * same process, against a limit two to three times what it is. `npm run bench` measures; this only notices.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { applyText, resolveOptions, transform } from "dtracing/transform";
import { project } from "./helpers/build.ts";

const child = fileURLToPath(new URL("helpers/ratio-child.mjs", import.meta.url));
const attempts = 4;

interface Comparison {
  readonly title: string;
  readonly limit: number;
  /** A module that exports `ours(count)`, `reference(count)` and perhaps `prepare()`. */
  readonly source: string;
}

const eightTimes = (statement: string): string => Array(8).fill(`sum = (sum + i) | 0; ${statement}`).join(" ");

const comparisons: readonly Comparison[] = [
  {
    title: "a disabled call costs what an if does",
    limit: 2,
    source: `
import { levelFilter, registry, reload, trace } from "dtracing";
let flag = false;
let calls = 0;
const log = (fields) => { calls++; };
const [filter, handle] = reload(levelFilter("off"));
registry().with({ onEvent() { calls++; } }).with(filter).init();
export function ours(count) {
  let sum = 1;
  for (let i = 0; i < count; i++) { ${eightTimes('trace.debug!({ i, text: JSON.stringify({ sum }) }, "seen");')} }
  return sum;
}
export function reference(count) {
  let sum = 1;
  for (let i = 0; i < count; i++) { ${eightTimes("if (flag) log({ i, text: JSON.stringify({ sum }) });")} }
  return sum;
}
export function prepare() {
  for (const on of [true, false, true, false]) {
    flag = on;
    handle.reload(levelFilter(on ? "trace" : "off"));
    ours(500);
    reference(500);
  }
}
`,
  },
  {
    title: "a JSON line costs what JSON.stringify does",
    limit: 1.2,
    source: `
import { json, registry, trace } from "dtracing";
import { buffered } from "dtracing/writers";
let bytes = 0;
const sink = { write(chunk, from) { bytes += chunk.length - from; return chunk.length - from; } };
registry().with(json({ flatten: true, writer: buffered(sink, { signals: false }) })).init();
const paths = ["/orders/1", "/orders/2"];
export function ours(count) {
  for (let i = 0; i < count; i++) trace.info!({ id: i, path: paths[i & 1], ms: 12 }, "request completed");
}
let pending = "";
export function reference(count) {
  for (let i = 0; i < count; i++) {
    pending += JSON.stringify({
      timestamp: Date.now(), level: "INFO", message: "request completed", target: "app::server", file: "src/server.ts",
      line: 12, id: i, path: paths[i & 1], ms: 12,
    }) + "\\n";
    if (pending.length > 16384) { bytes += Buffer.from(pending).length; pending = ""; }
  }
}
`,
  },
  {
    title: "a span in compiled mode costs as much as a hand-written record",
    limit: 3,
    source: `
import { registry, setContextMode, trace } from "dtracing";
setContextMode("compiled");
registry().with({ onNewSpan() {}, onClose() {} }).init();
/** @instrument */
function work(a, b) { return a + b; }
export function ours(count) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += work(i, 1);
  return sum;
}
const spans = new Map();
let id = 0;
function plain(a, b) {
  const own = ++id;
  spans.set(own, { name: "work", fields: new Map([["a", a], ["b", b]]), references: 1 });
  try { return a + b; } finally { spans.delete(own); }
}
export function reference(count) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += plain(i, 1);
  return sum;
}
`,
  },
  {
    title: "a span across three awaits costs what AsyncLocalStorage.run does",
    limit: 3,
    source: `
import { AsyncLocalStorage } from "node:async_hooks";
import { registry, trace } from "dtracing";
registry().with({ onNewSpan() {}, onClose() {} }).init();
/** @instrument */
async function work(a, b) { return a + await b + await b + await b; }
export async function ours(count) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += await work(i, 1);
  return sum;
}
const storage = new AsyncLocalStorage();
async function plain(a, b) { return a + await b + await b + await b; }
export async function reference(count) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += await storage.run({ name: "work", a: i, b: 1 }, plain, i, 1);
  return sum;
}
`,
  },
  {
    title: "200 directives cost an event what one does",
    limit: 1.6,
    source: `
import { dispatch, envFilter, registry, trace, withDefault } from "dtracing";
const many = Array.from({ length: 200 }, (_, at) => "other" + at + "=debug").join(",");
const make = (text) => registry().with({ onEvent() {} }).with(envFilter(text));
const one = dispatch(make("info"));
const all = dispatch(make("info," + many));
const run = (subscriber, count) => withDefault(subscriber, () => {
  for (let i = 0; i < count; i++) trace.info!({ i }, "seen");
});
export const ours = (count) => run(all, count);
export const reference = (count) => run(one, count);
`,
  },
];

for (const { title, limit, source } of comparisons) {
  test(title, () => {
    const { folder, write, close } = project();
    try {
      const file = join(folder, "main.mjs");
      const options = resolveOptions({ usdt: { off: true } }, { cwd: folder, production: true });
      const edits = transform(source.replaceAll("!(", "("), file, options)?.edits;
      assert.ok(edits !== undefined && edits.length > 0, "the program has callsites");
      write("main.mjs", applyText(source.replaceAll("!(", "("), edits, file).code);
      const ratios: number[] = [];
      while (ratios.length < attempts && !ratios.some((ratio) => ratio <= limit)) {
        const { ours, reference } = JSON.parse(execFileSync(process.execPath, [child, file], { encoding: "utf8" }));
        ratios.push(ours / reference);
      }
      const shown = ratios.map((ratio) => ratio.toFixed(2)).join(", ");
      console.log(`note: ${title}: ${shown} times, at most ${limit}`);
      assert.ok(Math.min(...ratios) <= limit, `${shown} times as long, at most ${limit}: see npm run bench`);
    } finally {
      close();
    }
  });
}

test.run();
