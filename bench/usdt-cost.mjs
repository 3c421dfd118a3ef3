// What probes cost: `node bench/usdt-cost.mjs` as root, with bpftrace. Ratios first: this machine is not yours.
// `--disabled` measures only that.
// Disabled: a guard on cells of the probe file, on cells of the heap, and on a mutable boolean, in programs of their own.
// Enabled: one hit with and without bpftrace's count(), as marshalling (JavaScript and Node-API) and kernel.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import dtracing from "dtracing/esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const hosts = join(root, "fixtures/hosts/node-versions/node_modules");
const nodes = [process.execPath, ...[22, 24, 26].map((version) => join(hosts, `node-${version}/bin/node`))].filter(
  existsSync,
);
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/** Each form is a module of its own, so that none of them is compiled with what another one taught the engine. */
const guards = {
  empty: ["const set = () => {};", ""],
  boolean: ["let on = false; const set = (value) => { on = value; };", "on && work(i);"],
  heap: [
    "const on = new Int32Array(16); const set = (value) => { on[3] = value ? 1 : 0; };",
    "on[3] !== 0 && work(i);",
  ],
  file: [
    `const holder = { exports: {} }; process.dlopen(holder, process.argv[2]); const on = new Int32Array(holder.exports.cells);
const set = (value) => { on[3] = value ? 65536 : 0; };`,
    "on[3] !== 0 && work(i);",
  ],
};

function guardModule([declaration, statement]) {
  return `${declaration}
let sum = 0;
function work(i) { sum += i; set(i < 50); }
function run(count) { for (let i = 0; i < count; i++) { sum ^= i; ${statement.repeat(16)} } return sum; }
run(1e5); set(true); run(1e5); set(false); run(1e5);
let best = Infinity;
for (let round = 0; round < 15; round++) { const t = performance.now(); run(4e6); best = Math.min(best, performance.now() - t); }
console.log(best * 1e6 / 4e6 / 16);
`;
}

const cases = {
  "no fields": 'trace.info!("hit");',
  "3 integers": 'trace.info!({ a: i, b: 2, c: 3 }, "hit");',
  "a string of 20": 'trace.info!({ path: "/orders/123456789012" }, "hit");',
  "2 integers, 2 strings": 'trace.info!({ a: i, b: 2, path: "/orders/123", method: "POST" }, "hit");',
};

const program = `import { trace } from "dtracing";
${Object.values(cases)
  .map((text, at) => `function f${at}(count: number) { for (let i = 0; i < count; i++) { ${text} } }`)
  .join("\n")}
const all = [${Object.keys(cases)
  .map((_, at) => `f${at}`)
  .join(", ")}];
process.on("message", ({ at, count }: any) => {
  all[at]!(2000);
  let best = Infinity;
  for (let round = 0; round < 7; round++) { const t = performance.now(); all[at]!(count); best = Math.min(best, performance.now() - t); }
  process.send!(best * 1e6 / count);
});
process.send!("ready");
`;

const folder = mkdtempSync(join(tmpdir(), "dtracing-cost-"));
try {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "name": "cost", "type": "module" }');
  writeFileSync(join(folder, "main.ts"), program);
  for (const nop of ["nop10", "nop5"]) await compile(nop);
  const probes = join(folder, "nop10/cost.probes.x64.node");
  for (const [name, form] of Object.entries(guards)) writeFileSync(join(folder, `${name}.mjs`), guardModule(form));
  for (const node of nodes) disabled(node, probes);
  if (process.argv.includes("--disabled")) nodes.length = 0;
  for (const node of nodes) for (const nop of ["nop10", "nop5"]) await enabled(node, nop);
} finally {
  rmSync(folder, { recursive: true });
}

async function compile(nop) {
  const plugins = [dtracing({ root: folder, usdt: { nop } })];
  const outfile = join(folder, nop, "main.mjs");
  await build({
    entryPoints: [join(folder, "main.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    external: ["dtracing"],
    plugins,
  });
}

function version(node) {
  return execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
}

function disabled(node, probes) {
  const taken = Object.fromEntries(Object.keys(guards).map((name) => [name, []]));
  for (let round = 0; round < 9; round++) {
    for (const name of Object.keys(guards)) {
      taken[name].push(Number(execFileSync(node, [join(folder, `${name}.mjs`), probes], { encoding: "utf8" })));
    }
  }
  const of = (name) => median(taken[name]) - median(taken.empty);
  const [boolean, heap, file] = ["boolean", "heap", "file"].map(of);
  console.log(
    `${version(node)} disabled guard, ns: file ${file.toFixed(2)}, heap ${heap.toFixed(2)}, boolean ${boolean.toFixed(2)}; file/heap ${(file / heap).toFixed(2)}, file/boolean ${(file / boolean).toFixed(2)}`,
  );
}

async function enabled(node, nop) {
  const child = spawn(node, [join(folder, nop, "main.mjs")], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const answer = () => new Promise((resolve) => child.once("message", resolve));
  await answer();
  const ask = (at, count) => {
    const answered = answer();
    child.send({ at, count });
    return answered;
  };
  const file = join(folder, nop, "cost.probes.x64.node");
  for (const [at, name] of Object.keys(cases).entries()) {
    // the semaphore without a breakpoint: gdb's way of saying that somebody is there
    const own = await withCount(child.pid, `usdt:${file}:cost:main__f${at}__hit`, () => ask(at, 200_000));
    const marshalling = await withSemaphore(child.pid, file, `main__f${at}__hit`, () => ask(at, 200_000));
    console.log(
      `${version(node)} ${nop} ${name}: ${own.toFixed(0)} ns a hit with count(), of it ${marshalling.toFixed(0)} marshalling, ${(own - marshalling).toFixed(0)} kernel; total/kernel ${(own / (own - marshalling)).toFixed(2)}`,
    );
  }
  child.kill();
}

async function withCount(pid, place, run) {
  const tracer = spawn(
    "bpftrace",
    ["-p", String(pid), "-e", `BEGIN { printf("attached\\n"); } ${place} { @ = count(); }`],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  await new Promise((resolve) => tracer.stdout.on("data", (chunk) => String(chunk).includes("attached") && resolve()));
  const result = await run();
  await stop(tracer);
  return result;
}

/** Counts the semaphore up as old tracers did, by writing into the process; nothing is patched, so only we are measured. */
async function withSemaphore(pid, file, name, run) {
  const script = `import re,sys
note = re.search(r"Name: ${name}\\s+Location: \\S+ Base: \\S+ Semaphore: (0x\\w+)", sys.stdin.read())
base = next(int(line.split("-")[0], 16) for line in open("/proc/${pid}/maps") if "${file}" in line)
memory = open("/proc/${pid}/mem", "r+b", 0)
memory.seek(base + int(note.group(1), 16)); memory.write(bytes([int(sys.argv[1]), 0]))`;
  const notes = execFileSync("readelf", ["-nW", file], { encoding: "utf8" });
  const set = (value) => execFileSync("python3", ["-c", script, String(value)], { input: notes });
  set(1);
  const result = await run();
  set(0);
  return result;
}

async function stop(tracer) {
  const ended = new Promise((resolve) => tracer.on("close", resolve));
  const again = setInterval(() => tracer.kill("SIGINT"), 1000);
  tracer.kill("SIGINT");
  await ended;
  clearInterval(again);
}
