/** What a span costs: made, entered, exited and closed, beside what others do for it. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { allocationFlags, bytesPerCall, timeCalls } from "../measure.mjs";
import { wraps } from "../peers/spans.mjs";

const depth = 10;

/**
 * The functions that get a span with two fields; `N` is the doc comment of an instrumented one. Their arithmetic says that
 * it is of integers: else V8 knows that only where a function is compiled into the loop that calls it, which the one without
 * a span always is, and the same body takes 20 to 60 ns less there.
 */
const source = `import { trace } from "dtracing";
N
export function synchronous(a: number, b: number) {
  let sum = a | 0;
  for (let i = 0; i < 20; i++) sum = (Math.imul(sum, 31) + b) | 0;
  return sum;
}
N
export async function asynchronous(a: number, b: number) {
  let sum = a;
  sum += await b;
  sum += await b;
  sum += await b;
  return sum;
}
let next = (a: number, b: number): number => nested(a, b);
export function link(wrapped: typeof next) { next = wrapped; }
N
export function nested(a: number, b: number): number {
  return b === 0 ? a : next(a + 1, b - 1) + 1;
}
export function byHand(a: number, b: number) {
  using _span = trace.infoSpan!("work", { a, b }).entered();
  let sum = a | 0;
  for (let i = 0; i < 20; i++) sum = (Math.imul(sum, 31) + b) | 0;
  return sum;
}
`;

const common = { baseline: "no span", reference: "dtracing, compiled", variants: Object.keys(wraps) };

export const tables = [
  { ...common, id: "sync", title: "a span with 2 fields, in a synchronous function" },
  { ...common, id: "async", title: "a span with 2 fields, in an asynchronous function with 3 awaits" },
  { ...common, id: "nested", title: `${depth} nested spans, synchronous, all together` },
  {
    id: "unrelated",
    title: "an asynchronous function without a span, where there was one before",
    note: "what the carrier of the context costs code that has nothing to do with it",
    reference: "no span",
    variants: Object.keys(wraps),
  },
  {
    id: "effect",
    title: "Effect's own span with 2 fields, synchronous",
    reference: "runSync of an effect",
    baseline: "no span",
  },
  { ...common, id: "garbage", title: "bytes of garbage per span", unit: "bytes", value: "bytes" },
];

export function cells() {
  const rows = [
    ["sync", "instrumented"],
    ["async", "instrumented"],
    ["nested", "instrumented"],
    ["unrelated", ""],
    ["garbage", "sync"],
    ["garbage", "async"],
  ];
  return rows
    .flatMap(([table, row]) => Object.keys(wraps).map((variant) => ({ table, row, variant, ...wraps[variant].cell })))
    .filter(({ table, variant }) => table === "async" || wraps[variant].asyncOnly !== true)
    .concat(
      ["no span", "dtracing, compiled", "dtracing, default"].map((variant) => ({
        table: "sync",
        row: "by hand, with using",
        variant,
        ...wraps[variant].cell,
      })),
    )
    .concat(
      ["no span", "runSync of an effect", "runSync of an effect with a span"].map((variant) => {
        return { table: "effect", row: "", variant };
      }),
    )
    .map((cell) => (cell.table === "garbage" ? { ...cell, flags: allocationFlags } : cell))
    .map((cell) => (cell.row === "instrumented" && cell.table !== "nested" ? cell : { ...cell, rounds: 2 }));
}

export async function prepare(folder) {
  const { compile } = await import("../compile.mjs");
  await compile(folder, "instrumented", source.replaceAll("\nN\n", "\n/** @instrument */\n"), "ESM");
  const plain = source
    .replaceAll("\nN\n", "\n")
    .replace(/.*using _span.*\n/, "")
    .replace(/^import.*\n/, "");
  await compile(folder, "plain", plain, "ESM");
}

export async function measure({ table, row, variant }, folder) {
  if (table === "effect" && variant !== "no span") return effect(variant, folder);
  const { isOurs, prepare: start } = wraps[variant];
  const wrap = await start();
  const program = await import(pathToFileURL(join(folder, isOurs ? "instrumented.mjs" : "plain.mjs")).href);
  const asynchronous = wrap(program.asynchronous, "asynchronous");
  const synchronous = wrap(row.startsWith("by hand") ? program.byHand : program.synchronous, "synchronous");
  const nested = wrap(program.nested, "nested");
  program.link(nested);
  let sink = 0;
  const runs = {
    sync(count) {
      for (let i = 0; i < count; i++) sink += synchronous(i, 1);
    },
    async async(count) {
      for (let i = 0; i < count; i++) sink += await asynchronous(i, 1);
    },
    nested(count) {
      for (let i = 0; i < count; i++) sink += nested(i, depth - 1);
    },
  };
  if (table === "garbage") return bytesPerCall(runs[row]);
  if (table === "effect") return timeCalls(runs.sync);
  if (table !== "unrelated") return timeCalls(runs[table]);
  await runs.async(2_000);
  const plain = await import(`${pathToFileURL(join(folder, "plain.mjs")).href}?unrelated`);
  return timeCalls(async (count) => {
    for (let i = 0; i < count; i++) sink += await plain.asynchronous(i, 1);
  });
}

async function effect(variant, folder) {
  const { effects } = await import("../peers/effect.mjs");
  const { synchronous } = await import(pathToFileURL(join(folder, "plain.mjs")).href);
  const run = effects[variant];
  let sink = 0;
  return timeCalls((count) => {
    for (let i = 0; i < count; i++) sink += run(synchronous, i, 1);
  });
}
