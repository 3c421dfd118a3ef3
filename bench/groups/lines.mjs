/** What a line costs: JSON and text, beside peers that write the same, and beside writing a constant. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkLines } from "../check-lines.mjs";
import { allocationFlags, bytesPerCall, timeCalls } from "../measure.mjs";
import { declarations, payloads } from "../payloads.mjs";

/** A variant is a peer with settings. */
const variants = {
  dtracing: { peer: "dtracing" },
  "pino on sonic-boom 4.2.0": { peer: "pino", writer: "4.2.0" },
  "pino as shipped": { peer: "pino" },
  "pino as shipped, asynchronous": { peer: "pino", isAsync: true },
  winston: { peer: "winston" },
  LogTape: { peer: "logtape" },
  bunyan: { peer: "bunyan" },
  roarr: { peer: "roarr" },
  debug: { peer: "debug" },
  console: { peer: "console" },
  "a constant through our writer": { peer: "constant", writer: "dtracing" },
  "a constant through sonic-boom 4.2.0": { peer: "constant", writer: "4.2.0" },
  "a constant through sonic-boom as shipped": { peer: "constant" },
};
const names = Object.keys(variants);
const common = { reference: "dtracing", variants: names };
const floors = names.filter((name) => name.startsWith("a constant"));
const pinos = ["pino on sonic-boom 4.2.0", "pino as shipped"];
// roarr writes its time as a number only
const dated = [...pinos, "winston", "LogTape", "bunyan"];
const loggers = [...dated, "roarr"];

export const tables = [
  { ...common, id: "json", title: "JSON lines, buffered, to /dev/null" },
  { ...common, id: "single", title: "JSON lines, each written at once, to /dev/null" },
  { ...common, id: "file", title: "JSON lines, buffered, to a file" },
  { ...common, id: "text", title: "text lines, 3 fields, buffered, to /dev/null" },
  { ...common, id: "garbage", title: "bytes of garbage per line, 3 fields", unit: "bytes", value: "bytes" },
];

export function cells() {
  const rows = [
    ["json", "3 fields", "lean", [...loggers, "pino as shipped, asynchronous", "console", ...floors]],
    ["json", "3 fields", "same", [...dated, ...floors]],
    ["json", "3 fields", "same, as fields of each call", pinos],
    ["json", "3 fields", "child", dated],
    ...["no field", "nested object", "error", "unicode", "escaped", "a string of 360"].flatMap((payload) => [
      ["json", payload, "lean", [...pinos, floors[0]]],
      ["json", payload, "same", pinos],
    ]),
    ["single", "3 fields", "lean", [...loggers, "console", floors[0], floors[1]]],
    ["single", "3 fields", "same", [...pinos, floors[0]]],
    ["file", "3 fields", "lean", [...loggers, floors[0], floors[1]]],
    ["file", "3 fields", "same", [...pinos, floors[0]]],
    ["text", "3 fields", "lean", ["winston", "LogTape", "debug", "console", floors[0]]],
    ["garbage", "3 fields", "lean", loggers],
    ["garbage", "3 fields", "same", dated],
    ["garbage", "3 fields", "child", pinos],
  ];
  return rows.flatMap(([table, payload, content, others]) =>
    ["dtracing", ...others].map((variant) => ({
      table,
      row: `${payload}, ${content}`,
      variant,
      payload,
      content,
      format: table === "text" ? "text" : "json",
      isBuffered: table !== "single",
      flags: table === "garbage" ? allocationFlags : [],
      env: variants[variant].peer === "roarr" ? { ROARR_LOG: "true" } : { DEBUG: "app:server" },
      ...variants[variant],
      // what the goals name is measured most often
      ...(table === "json" && payload === "3 fields" && ["dtracing", ...pinos].includes(variant) ? {} : { rounds: 2 }),
    })),
  );
}

/** Writes the programs, and leaves out what does not say what the others say. */
export async function prepare(folder, planned, [node]) {
  const { compile } = await import("../compile.mjs");
  const { runCell } = await import("../run-cell.mjs");
  const lengths = {};
  const outcomes = new Map();
  for (const cell of planned.toSorted((a, b) => Number(isFloor(a)) - Number(isFloor(b)))) {
    cell.path = cell.table === "file" ? join(folder, "lines.log") : "/dev/null";
    const program = programOf(cell);
    if (isFloor(cell)) cell.length = lengths[cell.row + cell.format] ?? 120;
    if (!outcomes.has(program)) {
      const peer = await import(`../peers/${cell.peer}.mjs`);
      await compile(join(folder, program), "src/server", sourceOf(cell, peer), "ESM");
      const stdout = cell.peer === "console" ? join(folder, "checked.log") : undefined;
      outcomes.set(
        program,
        isFloor(cell) ? {} : runCell(node, "lines", { ...cell, flags: [], isChecked: true, stdout }, folder),
      );
    }
    const { failed, length } = outcomes.get(program);
    if (cell.peer === "dtracing") lengths[cell.row + cell.format] = length;
    if (failed) {
      console.error(`lines: ${cell.variant} does not write the same (${cell.row}): ${failed}`);
      planned.splice(planned.indexOf(cell), 1);
    } else if (cell.peer === "console") cell.stdout = cell.path;
  }
}

function isFloor({ peer }) {
  return peer === "constant";
}

function programOf({ peer, payload, content, format }) {
  return [peer, payload, content, format].join(" ").replace(/[^a-z0-9]+/gi, "-");
}

/** The call is in line 12 of src/server.ts, as the peers' lines say. */
function sourceOf(cell, peer) {
  const call = peer.statement(payloads[cell.payload], cell);
  const pause = peer.yields ? "if (i % 100 === 99) await new Promise(setImmediate);" : "";
  const loop = `for (let i = 0; i < count; i++) { ${call} ${pause} }`;
  const lines = [
    peer.head ?? "",
    declarations.trim().replaceAll("\n", " "),
    "let log: any, line: any;",
    "export function use(opened: any) { log = opened.log; line = opened.line; }",
    `export ${peer.yields ? "async " : ""}function run(count: number) {`,
  ];
  return `${lines.join("\n").padEnd(lines.join("\n").length + 12 - lines.length - 1, "\n")}\n${peer.around?.(loop, cell) ?? loop}\n}\n`;
}

export async function measure(cell, folder) {
  const peer = await import(`../peers/${cell.peer}.mjs`);
  const program = await import(pathToFileURL(join(folder, programOf(cell), "src/server.mjs")).href);
  const start = async (path) => {
    const opened = await peer.open({ ...cell, path });
    program.use(opened);
    return { run: program.run, flush: opened.flush };
  };
  if (cell.isChecked) return checkLines(start, peer, cell, join(folder, "checked.log"));
  if (cell.table === "file") closeSync(openSync(cell.path, "w"));
  const { run, flush } = await start(cell.path);
  const whole = cell.isAsync ? async (count) => (run(count), await flush()) : run;
  if (cell.table === "garbage") return bytesPerCall(whole);
  return timeCalls(whole);
}
