/**
 * Test262's async, generator and for-await programs with `@instrument` put on every function:
 * `node test/test262.mjs <checkout of tc39/test262> [--node=<binary>] [--only=<word>] [--compiled]`.
 * `--members` adds those of class and object methods, which are as many again.
 * What passes as it is written must pass instrumented, enabled, with every span of a function that ended closed.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { applyText, resolveOptions, transform } from "dtracing/transform";
import { withComments } from "./helpers/instrument-source.mjs";

const [checkout, ...flags] = process.argv.slice(2);
const flag = (name) => flags.find((one) => one.startsWith(`--${name}`))?.split("=")[1];
const node = flag("node") ?? process.execPath;
const mode = flags.includes("--compiled") ? "compiled" : "async-local-storage";
if (checkout === undefined || !existsSync(join(checkout, "harness/assert.js"))) {
  console.error(
    "usage: node test/test262.mjs <checkout of tc39/test262> [--node=<binary>] [--only=<word>] [--compiled]",
  );
  process.exit(2);
}

const folders = [
  ...["async-function", "async-generator", "generators", "for-await-of", "await-using", "using"].map(
    (name) => `statements/${name}`,
  ),
  ...["async-function", "async-generator", "async-arrow-function", "generators", "await", "yield"].map(
    (name) => `expressions/${name}`,
  ),
  "statements/class",
  "expressions/class",
  "expressions/object",
].map((name) => `test/language/${name}`);
const builtins = ["AsyncGeneratorPrototype", "GeneratorPrototype", "AsyncFromSyncIteratorPrototype"].map(
  (name) => `test/built-ins/${name}`,
);
const isMember = /^test\/language\/(?:statements|expressions)\/(?:class|object)\//;

const options = resolveOptions({ maxLevel: "trace" }, { cwd: checkout, production: false });
const temporary = mkdtempSync(join(tmpdir(), "dtracing-test262-"));
const child = join(dirname(fileURLToPath(import.meta.url)), "helpers/test262-child.cjs");
const totals = { programs: 0, functions: 0, passed: 0, spans: 0, open: 0 };
const failures = [];
const skipped = new Map();

const files = [...folders, ...builtins]
  .flatMap((folder) => list(join(checkout, folder)))
  .map((file) => relative(checkout, file))
  .filter((file) => !isMember.test(file) || (flags.includes("--members") && /async|gen/.test(file)))
  .filter((file) => file.includes(flag("only") ?? ""));
const queue = [...files];
await Promise.all(Array.from({ length: availableParallelism() }, worker));
rmSync(temporary, { recursive: true, force: true });

for (const [why, count] of skipped) console.log(`left out: ${count} ${why}`);
for (const failure of failures) console.log(`FAIL ${failure}`);
const { programs, functions, passed, spans, open } = totals;
console.log(
  `${mode}: ${passed} of ${programs} programs with ${functions} instrumented functions pass; ${spans} spans, ${open} left open`,
);
process.exitCode = failures.length === 0 && programs > 0 ? 0 : 1;

async function worker() {
  const code = join(temporary, `${Math.random()}.js`);
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const source = readFileSync(join(checkout, file), "utf8");
    const front = /\/\*---([^]*?)---\*\//.exec(source)?.[1] ?? "";
    const marks =
      /flags:\s*\[([^\]]*)\]/
        .exec(front)?.[1]
        ?.split(",")
        .map((one) => one.trim()) ?? [];
    if (/^negative:/m.test(front)) skip("that must not compile");
    else if (marks.includes("module") || marks.includes("raw")) skip("modules and raw scripts");
    else if (
      /\.toString\(\)|nativeFunctionMatcher|createRealm|detachArrayBuffer/.test(source) ||
      /computed-property-name-from-.*arrow-function/.test(file)
    )
      skip("about source text or realms");
    else {
      const includes = (/includes:\s*\[([^\]]*)\]/.exec(front)?.[1]?.split(",") ?? []).map((one) => one.trim());
      const listed = [...(/includes:\n((?:\s+- .*\n)*)/.exec(front)?.[1] ?? "").matchAll(/- (\S+)/g)].map(
        ([, name]) => name,
      );
      const harness = ["assert.js", "sta.js", "doneprintHandle.js", ...includes, ...listed].filter((one) => one !== "");
      const isAsync = marks.includes("async");
      const strict = marks.includes("onlyStrict") ? '"use strict";\n' : "";
      const job = { harness, isAsync, mode };
      writeFileSync(code, strict + source);
      if ((await run(code, { ...job, plain: true })).passed !== true) {
        skip("that do not pass as they are on this engine");
        continue;
      }
      const { text, count } = instrumented(strict + source, file);
      if (count === 0) {
        skip("without a function to instrument");
        continue;
      }
      writeFileSync(code, text);
      const outcome = await run(code, job);
      totals.programs++;
      totals.functions += count;
      totals.spans += outcome.created ?? 0;
      totals.open += (outcome.created ?? 0) - (outcome.closed ?? 0);
      if (outcome.passed) totals.passed++;
      else failures.push(`${file}: ${outcome.problem}`);
    }
  }
}

function skip(why) {
  skipped.set(why, (skipped.get(why) ?? 0) + 1);
}

/** The program with a doc comment before each function that one can stand before, transformed. */
function instrumented(source, file) {
  const path = join(checkout, file);
  const text = withComments(source, path, options, "script");
  const result = transform(text, path, options);
  const count = new Set(result?.callsites.map(({ call }) => call)).size;
  return { text: result === null ? text : applyText(text, result.edits, file).code, count };
}

function run(file, job) {
  return new Promise((resolve) => {
    const process_ = spawn(node, [child, checkout, file, JSON.stringify(job)], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    process_.stdout.on("data", (chunk) => (output += chunk));
    process_.stderr.on("data", (chunk) => (output += chunk));
    const timer = setTimeout(() => process_.kill(), 20_000);
    process_.on("close", () => {
      clearTimeout(timer);
      const report = /^REPORT (.*)$/m.exec(output)?.[1];
      resolve(report === undefined ? { passed: false, problem: output.slice(0, 300) } : JSON.parse(report));
    });
  });
}

function list(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js") && !name.includes("_FIXTURE"))
    .map((name) => join(folder, name));
}
