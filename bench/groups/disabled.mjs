/** What a call costs while nobody listens, beside a hand-written `if` and beside the calls of peers. */
import { pathToFileURL } from "node:url";
import { timeCalls } from "../measure.mjs";
import { forms, outputOf } from "../forms.mjs";
import { disabledPeers } from "../peers/disabled.mjs";

/** How often the program of a table repeats the call. */
export function callsIn(table) {
  return { guard: 8, untouched: 8, function: 12 }[table] ?? 1;
}

/** Arguments of a call; `i` and `sum` are locals of the loop around it. */
const argumentsOf = {
  "cheap arguments": "{ i, sum }",
  "costly arguments": '{ key: JSON.stringify({ i, sum }), parts: `${i}/${sum}`.split("/") }',
  "an argument that captures": "{ later: () => i + sum }",
};

const formsOf = {
  "cheap arguments": ["ESM", "esbuild"],
  "costly arguments": forms,
  "an argument that captures": ["ESM", "esbuild"],
};

const ours = {
  head: `import { trace } from "dtracing";\nimport { registry, levelFilter, reload } from "dtracing";
const [filter, handle] = reload(levelFilter("off"));
registry().with({ onEvent() { calls++; } }).with(filter).init();
export function set(on: boolean) { handle.reload(levelFilter(on ? "trace" : "off")); }`,
  statement: (fields) => `trace.debug!(${fields}, "seen");`,
};

const variants = {
  nothing: { head: "export function set(on: boolean) {}", statement: () => "" },
  "if (flag)": {
    head: "let flag = false;\nexport function set(on: boolean) { flag = on; }\nfunction log(fields: object, message: string) { calls++; }",
    statement: (fields) => `if (flag) log(${fields}, "seen");`,
  },
  dtracing: ours,
};

export const tables = [
  {
    id: "guard",
    title: "a disabled call, toggled once before",
    note: "8 calls in a loop; ratios are of whole loops",
    baseline: "nothing",
    whole: true,
    reference: "dtracing",
    variants: ["dtracing", "if (flag)", "nothing"],
  },
  {
    id: "untouched",
    title: "a disabled call that was never enabled",
    note: "V8 removes an `if` on a variable that was never assigned; a cell it cannot know",
    baseline: "nothing",
    whole: true,
    reference: "dtracing",
    variants: ["dtracing", "if (flag)", "nothing"],
  },
  {
    id: "function",
    title: "12 small functions with an event each, called in one loop, toggled once before",
    baseline: "nothing",
    whole: true,
    reference: "dtracing",
    variants: ["dtracing", "if (flag)", "nothing"],
  },
  {
    id: "peers",
    title: "disabled calls of others, ESM",
    note: "per call; a loop with a call",
    baseline: "nothing",
    whole: true,
    reference: "dtracing",
    variants: ["dtracing", "if (flag)", "nothing"],
  },
];

export function cells() {
  const own = Object.keys(variants);
  const list = [];
  for (const [kind, its] of Object.entries(formsOf)) {
    for (const form of its) {
      const rounds = kind === "costly arguments" ? undefined : 2;
      for (const variant of own) list.push({ table: "guard", row: `${kind}, ${form}`, variant, form, kind, rounds });
    }
  }
  for (const form of ["ESM", "esbuild"]) {
    for (const variant of own) list.push({ table: "function", row: form, variant, form });
  }
  for (const variant of own) {
    list.push({ table: "untouched", row: "cheap arguments, ESM", variant, form: "ESM", kind: "cheap arguments" });
  }
  for (const kind of ["cheap arguments", "costly arguments"]) {
    for (const variant of [...own, ...Object.keys(disabledPeers)]) {
      list.push({ table: "peers", row: kind, variant, form: "ESM", kind, rounds: 2 });
    }
  }
  return list;
}

export async function prepare(folder, planned) {
  const { compile } = await import("../compile.mjs");
  const written = new Set();
  for (const cell of planned) {
    const name = programOf(cell);
    if (written.has(`${name} ${cell.form}`)) continue;
    written.add(`${name} ${cell.form}`);
    await compile(folder, name, sourceOf(cell), cell.form);
  }
}

export function programOf({ table, variant, kind = "" }) {
  return `${table === "untouched" ? "guard" : table}-${variant}-${kind}`.replace(/[^a-zA-Z-]+/g, "-");
}

function sourceOf({ table, variant, kind }) {
  const { head, statement } = variants[variant] ?? disabledPeers[variant];
  const start = `${head}\nexport let calls = 0;\n`;
  if (table === "function") {
    const names = Array.from({ length: 12 }, (_, at) => `helper${at}`);
    const helpers = names.map(
      (name, at) =>
        `function ${name}(i: number, sum: number) { ${statement("{ i, sum }")} return (sum + i + ${at}) | 0; }`,
    );
    const uses = names.map((name) => `sum = ${name}(i, sum);`).join(" ");
    return `${start}${helpers.join("\n")}\nexport function run(count: number) { let sum = 1; for (let i = 0; i < count; i++) { ${uses} } return sum; }\n`;
  }
  const repeated = Array.from({ length: callsIn(table) }, () => {
    return `sum = (sum + i) | 0; ${statement(argumentsOf[kind])}`;
  }).join("\n");
  return `${start}export function run(count: number) { let sum = 1; for (let i = 0; i < count; i++) { ${repeated} } return sum; }
export function once(i: number) { let sum = 1; ${repeated} return sum; }
`;
}

export async function measure(cell, folder) {
  const program = await import(pathToFileURL(outputOf(folder, programOf(cell), cell.form)).href);
  const { run, set } = program.default ?? program;
  if (set && cell.table !== "untouched") {
    for (let turn = 0; turn < 3; turn++) {
      run(300_000);
      set(true);
      run(2_000);
      set(false);
    }
  }
  const per = callsIn(cell.table);
  const { least, wall } = await timeCalls(run, { milliseconds: 3, batches: 50, warmUp: 60 });
  return { ns: least / per, wall: wall / per };
}
