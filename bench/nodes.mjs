/** The Node binaries that cells run on. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const packaged = join(root, "fixtures/hosts/node-versions");

/** `{ major, version, path }` of each wanted major version; only the installed Node if none is named. */
export function findNodes(majors) {
  const own = { major: process.versions.node.split(".")[0], version: process.version, path: process.execPath };
  if (majors === undefined) return [own];
  return majors.map((major) => (major === own.major ? own : packagedNode(major)));
}

function packagedNode(major) {
  const path = join(packaged, `node_modules/node-${major}/bin/node`);
  if (!existsSync(path)) execFileSync("npm", ["ci", "--prefix", packaged], { stdio: "inherit" });
  if (!existsSync(path))
    throw new Error(`fixtures/hosts/node-versions has no Node ${major}; add it to its package.json`);
  return { major, version: execFileSync(path, ["--version"], { encoding: "utf8" }).trim(), path };
}
