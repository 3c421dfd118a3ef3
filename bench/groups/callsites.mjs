/** What 10 to 100,000 callsites cost: start-up, memory, a reload, the probe file. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { envFilter, rebuildInterest, registry, reload } from "../../dist/runtime/index.js";
import { median, spent } from "../measure.mjs";
import { plotted } from "../options.mjs";

const state = globalThis[Symbol.for("dtracing.v1")];
const counts = [10, 100, 1_000, 10_000, 100_000];
const large = "100000";
/** The row that the goals name, which is measured on all Nodes. */
const goal = "10000";

/** As they are loaded; where a layer was asked about each; and where each was called, with somebody who wants it. */
const heaps = ["", "each asked about, ", "each reached, "].flatMap((state) =>
  ["in all", "beyond the strings"].map((what) => state + what),
);

const inMilliseconds = { unit: "ms", value: "ms" };
const rows = counts.map(String);

export const tables = [
  { ...inMilliseconds, rows, id: "start-up", title: "loading so many callsites, over the same modules without calls" },
  { ...inMilliseconds, rows, id: "reload", title: "another filter for so many callsites" },
  { id: "heap", rows, unit: "bytes", value: "bytes", title: "heap of so many callsites, for each of them" },
  { id: "probe-file", rows, unit: "bytes", value: "bytes", title: "the probe file, for each callsite" },
  { id: "probe-time", rows, ...inMilliseconds, title: "writing and loading the probe file" },
];

export function cells({ nodes }) {
  const of = (table, variants, more) =>
    rows.flatMap((row) =>
      variants.map((variant) => ({
        table,
        row,
        variant,
        rounds: row === large ? 1 : 3,
        nodes: row === goal ? nodes : plotted(nodes),
        ...more,
      })),
    );
  return [
    ...of("start-up", ["nobody listens", "a subscriber is there", "with a probe file"]),
    ...of("reload", ["EnvFilter, 1 directive", "EnvFilter, 20 directives", "EnvFilter, 200 directives"]),
    ...of("heap", heaps, { flags: ["--expose-gc"], rounds: 2 }),
    ...of("probe-file", ["bytes", "gzipped"], { rounds: 1 }),
    ...of("probe-time", ["write", "load"], { rounds: 2 }),
  ];
}

export async function prepare(folder, planned) {
  const { buildModules } = await import("../modules.mjs");
  for (const row of new Set(planned.map(({ row }) => row))) {
    await buildModules(join(folder, `callsites-${row}`), Number(row));
    if (planned.some(({ table, variant }) => table.startsWith("probe") || variant.includes("probe"))) {
      await buildModules(join(folder, `probed-${row}`), Number(row), { provider: "bench" });
    }
  }
}

export async function measure({ table, row, variant }, folder) {
  const from = join(folder, `callsites-${row}`);
  switch (table) {
    case "start-up":
      if (variant === "a subscriber is there")
        registry()
          .with({ onEvent() {} })
          .with(envFilter("info"))
          .init();
      return startUp(variant.includes("probe") ? join(folder, `probed-${row}`) : from);
    case "reload":
      return timeReload(from, Number(/\d+/.exec(variant)[0]));
    case "heap":
      return heap(from, Number(row), variant);
    default:
      return probeFile(join(folder, `probed-${row}`), table, variant, Number(row));
  }
}

async function load(folder, name) {
  const start = spent();
  await imported(folder, name);
  return (spent() - start) / 1e6;
}

function imported(folder, name) {
  return import(pathToFileURL(join(folder, `${name}.mjs`)).href);
}

async function startUp(folder) {
  await import("../../dist/runtime/internal-node.js");
  const without = await load(folder, "without");
  return { ms: (await load(folder, "with")) - without };
}

async function timeReload(folder, directives) {
  const [filter, handle] = reload(envFilter("info"));
  registry()
    .with({ onEvent() {} })
    .with(filter)
    .init();
  await load(folder, "with");
  const targets = [...state.modules.keys()].map((key) => key.slice(0, key.indexOf("\n")));
  const text = ["info", ...targets.slice(0, directives - 1).map((target) => `${target}=debug`)].join(",");
  const times = [];
  for (const end = performance.now() + 500; times.length < 7 && performance.now() < end;) {
    const next = envFilter(text);
    const start = performance.now();
    handle.reload(next);
    times.push(performance.now() - start);
  }
  // the first one counts: a program seldom reloads twice
  return { ms: times[0], later: median(times) };
}

async function heap(folder, count, variant) {
  await import("../../dist/runtime/internal-node.js");
  const [asked, reached] = ["each asked", "each reached"].map((state) => variant.startsWith(state));
  registry()
    .with({ ...((asked || reached) && { registerCallsite: () => 2 }), onEvent() {} })
    .init();
  await load(folder, "without");
  const before = settled();
  await load(folder, "with");
  // else nobody is asked about what is not reached
  if (asked) rebuildInterest();
  // what a WeakRef refers to is kept until the turn ends
  await new Promise(setImmediate);
  if (reached) for (const f of Object.values(await imported(folder, "with"))) f();
  const bytes =
    settled() -
    before -
    readFileSync(join(folder, "with.mjs")).length +
    readFileSync(join(folder, "without.mjs")).length;
  const strings = variant.endsWith("in all") ? new Set() : reached ? metadataStrings() : tableStrings();
  return { bytes: (bytes - bytesOf(strings)) / count };
}

/** Heap in use, once nothing is left to collect. The source text of modules is on it too. */
function settled() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What metadata will be made of. */
function tableStrings() {
  return new Set(registered().flatMap(({ table: [file, , target, codes, rows] }) => [file, target, codes, rows]));
}

function metadataStrings() {
  const texts = registered().flatMap(({ callsites }) =>
    callsites.flatMap(({ metadata: { name, target, file, fields, message } }) => [
      name,
      target,
      file,
      message,
      ...fields,
    ]),
  );
  return new Set(texts.filter((text) => text !== undefined));
}

function registered() {
  return [...state.modules.values()].flatMap((weak) => weak.deref() ?? []);
}

/** What strings take: V8's header of 16 bytes, and the text in words of 8. */
function bytesOf(strings) {
  return [...strings].reduce((sum, { length }) => sum + 16 + Math.ceil(length / 8) * 8, 0);
}

async function probeFile(folder, table, variant, count) {
  const path = join(folder, `bench.probes.${process.arch}.node`);
  if (!existsSync(path)) throw new Error(`the build wrote no ${path}`);
  if (variant === "bytes") return { bytes: statSync(path).size / count };
  if (variant === "gzipped") return { bytes: gzipSync(readFileSync(path)).length / count };
  const { writeProbeFile } = await import("../../dist/runtime/usdt/probe-file.js");
  const catalogue = JSON.parse(readFileSync(join(folder, "bench.callsites.json"), "utf8"));
  const start = performance.now();
  if (variant === "write") writeProbeFile(catalogue, process.arch);
  else process.dlopen({ exports: {} }, path);
  return { ms: performance.now() - start };
}
