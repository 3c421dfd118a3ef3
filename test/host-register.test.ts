/** `node --import dtracing/register`: what is loaded is transformed, whoever loads it; two copies and re-evaluation. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project, root } from "./helpers/build.ts";

const subscriber = `registry().with(json({ timer: false })).init();`;
const main = `import { json, registry, trace } from "dtracing";
${subscriber}
export function work(n: number): number {
  trace.info!({ n }, "worked"); if (n > 1) throw new Error("too much");
  trace.debug!("detail");
  return n;
}
work(1);
try { work(2); } catch (error) { console.log((error as Error).stack?.split("\\n")[1]); }
`;

function inProject(files: Readonly<Record<string, string>>, use: (folder: string, run: Run) => void): void {
  const { folder, write, close } = project();
  try {
    for (const [name, text] of Object.entries(files)) write(name, text);
    use(folder, (...given) => {
      const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
      const { stdout, stderr, status } = spawnSync(process.execPath, given, { cwd: folder, env, encoding: "utf8" });
      return { lines: stdout.trimEnd().split("\n"), stderr, status };
    });
  } finally {
    close();
  }
}
type Run = (...given: string[]) => { lines: readonly string[]; stderr: string; status: number | null };

const tsx = ["--import", join(root, "node_modules/tsx/dist/loader.mjs")];
const register = ["--enable-source-maps", "--import", "dtracing/register"];
const worked = (n: number, file: string): string =>
  `{"level":"INFO","fields":{"message":"worked","n":${n}},"target":"fixture::main","file":"${file}","line":4}`;

for (const type of ["module", "commonjs"]) {
  test(`tsx, ${type}: events have places, errors their lines and columns, the level of package.json holds`, () => {
    const manifest = JSON.stringify({ name: "fixture", type, dtracing: { maxLevel: "info" } });
    inProject({ "src/main.ts": main, "package.json": manifest }, (folder, run) => {
      const { lines, stderr } = run(...register, ...tsx, "src/main.ts");
      assert.is(stderr, "");
      assert.equal(lines.slice(0, 2), [worked(1, "src/main.ts"), worked(2, "src/main.ts")]);
      assert.match(lines[2] ?? "", `${folder}/src/main.ts:4:50`);
      assert.is(lines.length, 3);
    });
  });
}

test("plain JavaScript: ES modules, CommonJS, and one from the other; without source maps the line is right", () => {
  const esm = main.replaceAll(/: number|!(?=\()|\?(?=\.split)| as Error/g, "");
  const cjs = esm.replace(/import (.*) from (.*);/, "const $1 = require($2);").replace("export ", "");
  inProject({ "main.mjs": esm, "main.cjs": cjs, "both.mjs": `import "./main.cjs";` }, (folder, run) => {
    for (const file of ["main.mjs", "main.cjs", "both.mjs"]) {
      const { lines, stderr } = run("--import", "dtracing/register", file);
      assert.is(stderr, "", file);
      const own = file === "both.mjs" ? "main.cjs" : file;
      assert.equal(lines.slice(0, 2), [
        worked(1, own),
        JSON.stringify({ level: "DEBUG", fields: { message: "detail" }, target: "fixture::main", file: own, line: 5 }),
      ]);
      assert.match(lines[3] ?? "", `${folder}/${own}:4:`);
    }
  });
});

test("the wrong order is told, with the right one", () => {
  inProject({ "src/main.ts": main }, (_, run) => {
    const { stderr } = run(...tsx, "--import", "dtracing/register", "src/main.ts");
    assert.match(stderr, "tsx is registered before dtracing/register");
    assert.match(stderr, "write node --import dtracing/register --import tsx");
  });
});

test("a mistake ends the program with its frame", () => {
  inProject({ "main.mjs": `import { trace } from "dtracing";\ntrace.inof("x");\n` }, (_, run) => {
    const { stderr, status } = run("--import", "dtracing/register", "main.mjs");
    assert.is(status, 1);
    assert.match(stderr, /SyntaxError.*main\.mjs:2:1 dtracing\(E001\): "inof" is not a macro of trace/);
  });
});

test("DTRACING_DUMP has what was made of each file", () => {
  inProject({ "main.mjs": main.replaceAll(/: number|\?(?=\.split)| as Error|!(?=\()/g, "") }, (folder) => {
    execFileSync(process.execPath, ["--import", "dtracing/register", "main.mjs"], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: "", DTRACING_DUMP: "dump" },
      stdio: "ignore",
    });
    assert.match(readFileSync(join(folder, "dump/main.mjs"), "utf8"), /\$on\[\d\] !== 0|\$up === undefined/);
  });
});

test("two copies, one as ES modules and one as CommonJS, share one subscriber", () => {
  inProject({}, (folder, run) => {
    const copy = join(folder, "node_modules/other/node_modules/dtracing");
    mkdirSync(copy, { recursive: true });
    for (const name of ["dist", "package.json"]) cpSync(join(root, name), join(copy, name), { recursive: true });
    writeFileSync(join(folder, "node_modules/other/package.json"), `{"name":"other","main":"index.cjs"}`);
    writeFileSync(
      join(folder, "node_modules/other/index.cjs"),
      `const { trace } = require("dtracing"); exports.say = () => trace.info({ from: "other" }, "hello");`,
    );
    writeFileSync(
      join(folder, "main.mjs"),
      `import { json, registry, trace } from "dtracing";\nimport { say } from "other";\n${subscriber}\ntrace.info("first"); say();\n`,
    );
    const { lines } = run("--import", "dtracing/register", "main.mjs");
    assert.is(lines.length, 2);
    assert.match(lines[1] ?? "", `"message":"hello","from":"other"`);
    const file = join(copy, "dist/cjs/runtime/shared/core.js");
    writeFileSync(file, readFileSync(file, "utf8").replace("const abi = 1", "const abi = 2"));
    const { stderr } = run("--import", "dtracing/register", "main.mjs");
    assert.match(stderr, /dtracing: two versions that cannot share a subscriber are loaded \(abi 1 and 2\)/);
  });
});

test("a module that is evaluated again replaces its callsites", () => {
  const hot = `import { trace } from "dtracing";\nexport const say = () => trace.info("said");\n`;
  const source = `import { json, registry } from "dtracing";\n${subscriber}
for (const version of [1, 2, 3]) (await import("./hot.mjs?v=" + version)).say();
console.log(globalThis[Symbol.for("dtracing.v1")].modules.size);\n`;
  inProject({ "hot.mjs": hot, "main.mjs": source }, (_, run) => {
    const { lines } = run("--import", "dtracing/register", "main.mjs");
    assert.is(lines.length, 4);
    assert.is(lines[3], "1");
  });
});

test.run();
