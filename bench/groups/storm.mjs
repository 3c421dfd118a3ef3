/** What becomes of a running program when one of its 1,200 callsites is enabled: does V8 throw its code away? */
import { pathToFileURL } from "node:url";
import { outputOf } from "../forms.mjs";

const functions = 400;
const windows = [
  ["0 to 20 ms", 0, 20],
  ["20 to 100 ms", 20, 100],
  ["100 to 300 ms", 100, 300],
];

const variants = {
  dtracing: {
    head: `import { levelFilter, registry, reload, targets, trace } from "dtracing";
const [filter, handle] = reload(targets("off"));
registry().with({ onEvent() {} }).with(filter).init();
export function enable() { handle.reload(targets("off,one=trace")); }`,
    call: (at, which) =>
      at === 77 && which === 1
        ? 'trace.with({ target: "one" }).debug!({ i }, "seen");'
        : 'trace.debug!({ i }, "seen");',
  },
  "an object for each callsite": {
    head: `const sites = Array.from({ length: ${functions * 3} }, () => ({ enabled: false }));
function log(fields: object) {}
export function enable() { sites[77 * 3 + 1]!.enabled = true; }`,
    before: (at) => `const c${at} = sites[${at * 3}]!, d${at} = sites[${at * 3 + 1}]!, e${at} = sites[${at * 3 + 2}]!;`,
    call: (at, which) => `if (${"cde"[which]}${at}.enabled) log({ i });`,
  },
  "no callsites": { head: "export function enable() {}", call: () => "" },
};

export const tables = windows.map(([name]) => ({
  id: name,
  title: `one of 1,200 callsites is enabled: the program's time ${name} later, over its time before`,
  unit: "x",
  value: name,
  variants: Object.keys(variants),
}));

export function cells() {
  return windows.flatMap(([table]) => Object.keys(variants).map((variant) => ({ table, row: "", variant, rounds: 3 })));
}

export async function prepare(folder) {
  const { compile } = await import("../compile.mjs");
  for (const [variant, { head, before = () => "", call }] of Object.entries(variants)) {
    const parts = Array.from(
      { length: functions },
      (_, at) => `${before(at)}
function f${at}(i: number) { let sum = i; ${call(at, 0)} sum = (sum * 31 + ${at}) | 0; ${call(at, 1)} sum ^= sum >> 3; ${call(at, 2)} return sum; }`,
    );
    const all = parts.map((_, at) => `sum = (sum + f${at}(i)) | 0;`).join(" ");
    await compile(
      folder,
      programOf(variant),
      `${head}\n${parts.join("\n")}\nexport function pass(i: number) { let sum = 0; ${all} return sum; }\n`,
      "ESM",
    );
  }
}

function programOf(variant) {
  return `storm-${variant.replaceAll(" ", "-")}`;
}

export async function measure({ table, variant }, folder) {
  const { pass, enable } = await import(pathToFileURL(outputOf(folder, programOf(variant), "ESM")).href);
  const [, from, to] = windows.find(([name]) => name === table);
  let sink = 0;
  /** Microseconds of a pass, on average, from now on. */
  const passes = (milliseconds) => {
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < milliseconds) for (let i = 0; i < 4; i++, count++) sink += pass(i);
    return ((performance.now() - start) * 1000) / count;
  };
  passes(700);
  const before = passes(200);
  enable();
  if (from > 0) passes(from);
  return { [table]: passes(to - from) / before, before, sink: sink & 1 };
}
