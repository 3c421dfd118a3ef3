/** What V8 makes of a disabled call: instructions on the way through, whatever the machine is busy with. */
import { spawnSync } from "node:child_process";
import { outputOf } from "../forms.mjs";
import { instructionsThrough } from "../instructions.mjs";
import * as disabled from "./disabled.mjs";

const names = ["dtracing", "if (flag)", "nothing"];

export const tables = [
  {
    id: "instructions",
    title: "instructions of a disabled call in optimised code, toggled once before",
    note: "per call, on the shortest way through a function with so many calls, above the same function without them",
    unit: "instructions",
    value: "instructions",
    baseline: "nothing",
    reference: "dtracing",
    variants: names,
  },
  {
    id: "inlined",
    title: "of 12 helpers with an event each, called in one loop, V8 inlines",
    unit: "helpers",
    value: "inlined",
    variants: names,
  },
];

export function cells(options) {
  const of = (wanted) => disabled.cells(options).filter(({ table }) => table === wanted);
  const eight = of("guard").map((cell) => ({
    ...cell,
    row: `8 calls, ${cell.row}`,
    table: "instructions",
    of: "guard",
  }));
  const single = eight
    .filter(({ kind }) => kind === "costly arguments")
    .map((cell) => ({ ...cell, row: cell.row.replace("8 calls", "a single call"), of: "single" }));
  const inlined = of("function").map((cell) => ({ ...cell, table: "inlined", of: "function" }));
  return [...single, ...eight, ...inlined].map((cell) => ({ ...cell, rounds: 1 }));
}

export function prepare(folder, planned) {
  return disabled.prepare(
    folder,
    planned.map((cell) => ({ ...cell, table: cell.of })),
  );
}

const script = (path, name) => `
const program = require(${JSON.stringify(path)});
const { run, once, set } = program.default ?? program;
const f = ${name};
const optimise = (f) => { %PrepareFunctionForOptimization(f); f(200); f(200); %OptimizeFunctionOnNextCall(f); f(200); };
f(200); set(true); f(20); set(false);
optimise(f);`;

export async function measure(cell, folder) {
  const path = outputOf(folder, disabled.programOf({ ...cell, table: cell.of }), cell.form);
  const name = cell.of === "function" ? "run" : "once";
  const flags = ["--allow-natives-syntax", "--print-opt-code", `--print-opt-code-filter=${name}`];
  const source = script(path, name).replace(
    /const program = require\((.*)\);/,
    cell.form === "CommonJS" ? "const program = require($1);" : "import * as program from $1;",
  );
  const type = cell.form === "CommonJS" ? "commonjs" : "module";
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, `--input-type=${type}`, "-e", source], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const code = stdout.split("--- Raw source ---").findLast((text) => text.includes(`\nname = ${name}\n`));
  if (code === undefined) throw new Error(`V8 printed no code of ${name}: ${stderr.slice(0, 300)}`);
  if (name === "once") return { instructions: instructionsThrough(code) / disabled.callsIn(cell.of) };
  return { inlined: new Set(code.match(/SharedFunctionInfo helper\d+/g)).size };
}
