/** What probes cost: detached, a guard on the memory of the probe file; attached, a hit and our part of it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import plugin from "../../dist/transformer/host/esbuild.js";
import { timeCalls } from "../measure.mjs";
import { canTrace, withCount, withSemaphore } from "../tracers.mjs";
import { writeSource } from "../workspace.mjs";

const guards = {
  nothing: ["const set = () => {};", ""],
  "if (flag)": ["let on = false; const set = (value) => { on = value; };", "if (on) work(i);"],
  "cells on the heap": [
    "const on = new Int32Array(16); const set = (value) => { on[3] = value ? 1 : 0; };",
    "on[3] !== 0 && work(i);",
  ],
  "cells of the probe file": [
    `const holder = { exports: {} }; process.dlopen(holder, process.env.PROBES); const on = new Int32Array(holder.exports.cells);
const set = (value) => { on[3] = value ? 65536 : 0; };`,
    "on[3] !== 0 && work(i);",
  ],
};

const hits = {
  "no fields": 'trace.info!("hit");',
  "3 integers": 'trace.info!({ a: i, b: 2, c: 3 }, "hit");',
  "a string of 20": 'trace.info!({ path: "/orders/123456789012" }, "hit");',
  "2 integers, 2 strings": 'trace.info!({ a: i, b: 2, path: "/orders/123", method: "POST" }, "hit");',
};
const parts = ["with bpftrace's count()", "our part", "the kernel's part"];

export const tables = [
  {
    id: "detached",
    title: "a guard while no tracer is attached",
    note: "16 guards in a loop; ratios are of whole loops",
    baseline: "nothing",
    whole: true,
    reference: "cells of the probe file",
    variants: Object.keys(guards),
  },
  {
    id: "attached",
    title: "a hit while bpftrace is attached",
    note: "our part: JavaScript, Node-API and the copy of strings, with the semaphore up and no breakpoint",
    reference: "the kernel's part",
    variants: parts,
  },
];

export function cells({ nodes }) {
  const detached = Object.keys(guards).map((variant) => ({ table: "detached", row: "", variant }));
  if (!canTrace()) return detached;
  const attached = [...Object.keys(hits).map((kind) => [kind, "nop10"]), ["no fields", "nop5"]];
  // attaching takes seconds: the oldest Node and the newest must do
  const only = nodes && [nodes[0], nodes.at(-1)];
  return [
    ...detached,
    ...attached.map(([kind, nop]) => {
      return { table: "attached", row: `${kind}, ${nop}`, variant: "all", kind, nop, rounds: 1, nodes: only };
    }),
  ];
}

export async function prepare(folder) {
  for (const [variant, form] of Object.entries(guards))
    writeSource(folder, `${guardOf(variant)}.mjs`, guardModule(form));
  for (const nop of ["nop10", "nop5"]) {
    const entry = writeSource(folder, `usdt-${nop}/main.ts`, hitModule());
    await build({
      entryPoints: [entry],
      outfile: join(folder, `usdt-${nop}/out/main.mjs`),
      bundle: true,
      format: "esm",
      platform: "node",
      target: "es2022",
      external: ["dtracing", "dtracing/*"],
      plugins: [plugin({ root: join(folder, `usdt-${nop}`), usdt: { nop, provider: "bench" } })],
    });
  }
}

function guardOf(variant) {
  return `usdt-${variant.replace(/[^a-z]+/gi, "-")}`;
}

/** Each form is a module of its own, so that none of them is compiled with what another one taught the engine. */
function guardModule([declaration, statement]) {
  return `${declaration}
let sum = 0;
function work(i) { sum += i; set(i < 50); }
export function run(count) { for (let i = 0; i < count; i++) { sum ^= i; ${statement.repeat(16)} } return sum; }
export function toggle() { run(1e5); set(true); run(1e5); set(false); run(1e5); }
`;
}

function hitModule() {
  const statements = Object.values(hits);
  return `import { trace } from "dtracing";
${statements.map((text, at) => `function f${at}(count: number) { for (let i = 0; i < count; i++) { ${text} } }`).join("\n")}
const all = [${statements.map((_, at) => `f${at}`).join(", ")}];
process.on("message", ({ at, count }: any) => {
  all[at]!(2000);
  let best = Infinity;
  for (let round = 0; round < 7; round++) { const t = performance.now(); all[at]!(count); best = Math.min(best, performance.now() - t); }
  process.send!(best * 1e6 / count);
});
process.send!("ready");
`;
}

export async function measure({ table, variant, kind, nop }, folder) {
  if (table === "attached") return attached(join(folder, `usdt-${nop}/out`), Object.keys(hits).indexOf(kind));
  process.env.PROBES = join(folder, `usdt-nop10/out/bench.probes.${process.arch}.node`);
  const { run, toggle } = await import(join(folder, `${guardOf(variant)}.mjs`));
  toggle();
  const { least } = await timeCalls(run, { milliseconds: 4, batches: 40 });
  return { ns: least / 16 };
}

async function attached(folder, at) {
  const child = spawn(process.execPath, [join(folder, "main.mjs")], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const answer = () => new Promise((resolve) => child.once("message", resolve));
  await answer();
  const ask = () => {
    const answered = answer();
    child.send({ at, count: 200_000 });
    return answered;
  };
  const file = join(folder, `bench.probes.${process.arch}.node`);
  const name = `main__f${at}__hit`;
  try {
    const all = await withCount(child.pid, `usdt:${file}:bench:${name}`, ask);
    const own = await withSemaphore(child.pid, file, name, ask);
    const [whole, ours, kernels] = parts;
    return { variants: { [whole]: { ns: all }, [ours]: { ns: own }, [kernels]: { ns: all - own } } };
  } finally {
    child.kill();
  }
}
