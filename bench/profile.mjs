/** Where the time of cells goes: `--profile` runs each chosen cell once under V8's profiler. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { keyOf } from "./run-group.mjs";
import { runCell } from "./run-cell.mjs";
import { root } from "./workspace.mjs";

const shown = 12;

/** Prints, for each cell, the functions that take the most time themselves. */
export async function profileGroup(name, group, nodes, options, folder) {
  const planned = group.cells(options).filter((cell) => keyOf(cell).includes(options.only));
  await group.prepare?.(folder, planned, nodes);
  for (const node of nodes) for (const cell of planned) profileCell(node, name, cell, folder);
}

function profileCell(node, name, cell, folder) {
  const own = mkdtempSync(join(tmpdir(), "dtracing-profile-"));
  try {
    const flags = [...(cell.flags ?? []), "--cpu-prof", `--cpu-prof-dir=${own}`, "--cpu-prof-interval=100"];
    const { failed } = runCell(node, name, { ...cell, flags, env: { ...cell.env, BENCH_LONGER: "20" } }, folder);
    console.log(`${name}, ${keyOf(cell)} (Node ${node.version})`);
    if (failed) console.log(`  ${failed}`);
    for (const file of readdirSync(own)) printProfile(JSON.parse(readFileSync(join(own, file), "utf8")));
  } finally {
    rmSync(own, { recursive: true });
  }
}

function printProfile({ nodes, samples, timeDeltas }) {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const times = new Map();
  for (const [at, id] of samples.entries()) {
    const place = places.get(id);
    times.set(place, (times.get(place) ?? 0) + timeDeltas[at]);
  }
  const all = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const greatest = [...times].toSorted(([, a], [, b]) => b - a).slice(0, shown);
  for (const [place, time] of greatest) console.log(`  ${((time / all) * 100).toFixed(1).padStart(5)} %  ${place}`);
}

/** What is Node's own, its start above all, is one place. */
function placeOf({ functionName, url, lineNumber }) {
  if (functionName === "(garbage collector)") return functionName;
  if (url === "" || url.startsWith("node:")) return "Node";
  const file = url.startsWith("file:") ? relative(root, fileURLToPath(url)) : url;
  return `${functionName || "(anonymous)"} ${file.replace(/^.*node_modules\//, "")}:${lineNumber + 1}`;
}
