/** Builds dist: the types by tsc, and the code as few files. Works from a clean checkout. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { bundleRuntime, bundleTransformer } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

// before the compiler, which reads the nearest package.json to know what kind of module a .d.ts describes
mkdirSync(`${root}/dist/cjs`, { recursive: true });
writeFileSync(`${root}/dist/cjs/package.json`, '{ "type": "commonjs" }\n');

const { status } = spawnSync(
  process.execPath,
  [tsc, "-b", "tsconfig.json", "runtime/tsconfig.cjs.json", ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
  },
);
if (status === 0) await Promise.all([bundleRuntime(root), bundleTransformer(root)]);
process.exitCode = status ?? 1;
