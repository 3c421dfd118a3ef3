/** The machine, the versions and the moment of a run. */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { bench, root } from "./workspace.mjs";

/** What a reader needs to judge the numbers, or to repeat them. */
export function surroundings(nodes, { rounds }) {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 16),
    machine: `${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`,
    rounds,
    commit: spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).stdout?.trim(),
    nodes: Object.fromEntries(nodes.map(({ major, version }) => [major, version])),
    peers: [...Object.keys(packageOf(bench).dependencies), "sonic-boom"],
    versions: { dtracing: packageOf(root).version, ...installed(join(bench, "node_modules")) },
  };
}

/** All packages in a node_modules, transitive ones too: a writer's patch release can double a line's price. */
function installed(folder) {
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => (name.startsWith("@") ? readdirSync(join(folder, name)).map((sub) => `${name}/${sub}`) : name));
  return Object.fromEntries(names.map((name) => [name, packageOf(join(folder, name)).version]));
}

function packageOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
