/** The temporary project that cells' programs live in, and how their sources get there. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const bench = dirname(fileURLToPath(import.meta.url));
export const root = dirname(bench);

/** A folder that finds this package and all peers in its node_modules. */
export function makeWorkspace() {
  const folder = mkdtempSync(join(tmpdir(), "dtracing-bench-"));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(bench, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(bench, "node_modules", name), join(modules, name), "dir");
  }
  symlinkSync(root, join(modules, "dtracing"), "dir");
  for (const name of ["typescript", "ts-patch", "vite", "esbuild"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
  writeFileSync(join(folder, "package.json"), '{ "name": "app", "type": "module" }\n');
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Writes a source of a program; answers its path. */
export function writeSource(folder, name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Installs the peers on first use, without their install scripts. */
export function installPeers() {
  if (existsSync(join(bench, "node_modules/pino"))) return;
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--prefix", bench], { stdio: "inherit" });
  if (status !== 0) throw new Error("the peers cannot be installed: npm ci --prefix bench failed, see above");
}
