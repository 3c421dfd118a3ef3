/** The packed package in an empty project: installed, imported, required, and built with, as a user would. */
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";

const folder = mkdtempSync(join(tmpdir(), "dtracing-package-"));
const options: ExecFileSyncOptionsWithStringEncoding = {
  cwd: folder,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "pipe"],
};
const npm = (...args: string[]): string => execFileSync("npm", args, options);
const node = (...args: string[]): string => execFileSync(process.execPath, args, options);

const program = (load: string): string => `${load}
registry().with(text({ timer: () => "T", ansi: false })).init();
trace.info({ port: 1 }, "listening on {port}");
trace.infoSpan("s", { a: "b" }).inScope(() => trace.warn("inside"));
`;
const lines = `T  INFO shop: listening on 1 port=1\nT  WARN s{a="b"}: shop: inside\n`;

test.before(() => {
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root, stdio: "ignore" });
  const [tarball = ""] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true }));
  npm("install", "--no-audit", "--no-fund", "--prefer-offline", `./${tarball}`);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test("ES modules import it", () => {
  writeFileSync(join(folder, "index.mjs"), program(`import { registry, text, trace } from "dtracing";`));
  assert.is(node("index.mjs"), lines);
});

test("CommonJS requires it", () => {
  writeFileSync(join(folder, "index.cjs"), program(`const { registry, text, trace } = require("dtracing");`));
  assert.is(node("index.cjs"), lines);
});

test("dtracing/auto needs no code", () => {
  writeFileSync(
    join(folder, "index.mjs"),
    `import { trace } from "dtracing";\ntrace.info("hello"); trace.debug("not seen");\n`,
  );
  assert.match(node("--import", "dtracing/auto", "index.mjs"), /^\S+Z +INFO shop: hello\n$/);
});

test("the transformer and the plugins load", () => {
  const entries = ["transform", "ts-transformer", "vite", "rollup", "esbuild"];
  writeFileSync(join(folder, "load.mjs"), entries.map((entry) => `await import("dtracing/${entry}");`).join("\n"));
  assert.is(node("load.mjs"), "");
});

test("each file that package.json says has effects is shipped", () => {
  const { sideEffects } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { sideEffects: string[] };
  const missing = sideEffects.filter((file) => !existsSync(join(folder, "node_modules/dtracing", file)));
  assert.equal(missing, []);
  assert.ok(sideEffects.length > 0);
});

test("it ships no build leftovers, and its size is told", () => {
  const installed = readdirSync(join(folder, "node_modules/dtracing"), { recursive: true }).map(String);
  assert.equal(
    installed.filter((file) => /tsbuildinfo|\.ts$/.test(file) && !file.endsWith(".d.ts")),
    [],
  );
  console.log(`note: ${readdirSync(join(folder, "node_modules")).length} entries in node_modules after npm install`);
});

test.run();
