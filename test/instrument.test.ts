/** `instrument` where no build has compiled it away, orphans, and what the transformer says of mistakes. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { instrument, registry, trace, warnOrphans } from "dtracing";
import { applyText, formatDiagnostic, resolveOptions, transform } from "dtracing/transform";
import { alone, layer, said } from "./helpers/record.ts";
import { project } from "./helpers/build.ts";
import { SuspendBuilds } from "./helpers/suspend-builds.ts";

const options = resolveOptions({}, { cwd: "/app", production: false });

function toldOf(code: string): readonly string[] {
  return (transform(code, "/app/src/a.ts", options)?.diagnostics ?? []).map(formatDiagnostic);
}

function transformed(code: string): string {
  return applyText(code, transform(code, "/app/src/a.ts", options)?.edits ?? [], "a.ts").code;
}

test("a value: the span has the parameters, the outcome is told inside, results are the function's own", async () => {
  const log: string[] = [];
  await alone(registry().with(layer(log)), async () => {
    const add = instrument(
      async (a: number, { b, c: d }: { b: number; c: number }, ...rest: number[]) => {
        await Promise.resolve();
        return a + b + d + rest.length;
      },
      { name: "add", skip: ["b"], fields: { fixed: 7 }, ret: true, err: true },
    );
    assert.is(await add(1, { b: 2, c: 3 }, 4, 5), 8);
    assert.equal([add.name, add.length], ["", 2]);
    const broken = instrument(
      function broken() {
        throw new RangeError("mine");
      },
      { err: "display" },
    );
    assert.throws(broken, (error: Error) => error instanceof RangeError);
  });
  const told = log;
  assert.match(told.join("\n"), /new add/);
  assert.match(told.join("\n"), /add:.*return=8/);
  assert.match(told.join("\n"), /broken:.*error=/);
  assert.is(log.filter((line) => line.startsWith("close")).length, 2);
});

test("every mistake in options is told with its fix", () => {
  const all = toldOf(`
/** @instrument({ skip: [nobody] }) */
export function a(x: number): void {}
/** @instrument({ levle: "info" }) */
export function b(): void {}
/** @instrument({ level: "loud" }) */
export function c(): void {}
/** @instrument */
export const d = 5;
`);
  assert.is(all.length, 4);
  assert.match(
    all[0] ?? "",
    /src\/a\.ts:2:1 dtracing\(E013\): @instrument skips "nobody", which is no parameter; its parameters are x/,
  );
  assert.match(all[1] ?? "", /did you mean "level"/);
  assert.match(all[2] ?? "", /loud/);
  assert.match(all[3] ?? "", /does not stand before a function/);
});

test("a body that cannot become a block is told of", () => {
  assert.match(toldOf("/** @instrument */\nfunction f() { var x; function x() {} }").join(), /declares "x" twice/);
});

test("braces, quotes and parentheses in the options of a comment end nothing", () => {
  const code = transformed(`/**
 * Adds.
 * @instrument({
 *   name: "a)}\\"*",
 *   fields: { text: "})", sum: (a + (b)) },
 * })
 * @returns the sum
 */
export function add(a: number, b: number): number { return a + b; }`);
  assert.match(code, /\?\.\(a, b, "\}\)", \(a \+ \(b\)\)\)/);
});

test("directives stay what they are, also alone in a body", () => {
  assert.match(transformed('/** @instrument */\nfunction f() { "use strict" }'), /\{ "use strict"; var \$a/);
  assert.match(transformed('/** @instrument */\nfunction f() {\n"use strict"\nreturn 1 }'), /"use strict"\nvar \$a/);
});

test("what was transformed is not transformed again", () => {
  const code = transformed(
    "/** @instrument */\nexport async function f(x: number) { await x; using _ = span.entered(); }",
  );
  assert.match(code, /dtracing\/internal/);
  assert.is(transformed(code), code);
});

test("trace.instrument does nothing but warn where it was not built", () => {
  const lines = said(() => trace.instrument!({ name: "x" }));
  assert.ok(lines.length <= 1);
});

test("a span that is never closed is told of, with its place, and closed", async () => {
  const builds = new SuspendBuilds();
  const { folder, write, close } = project();
  try {
    write(
      "src/main.ts",
      `import { registry, trace, warnOrphans } from "dtracing";
let closed = 0;
registry().with({ onClose: () => void closed++ }).init();
warnOrphans();
/** @instrument */
function* abandoned() { yield 1; }
function forget() { trace.infoSpan!("forgotten"); for (let i = 0; i < 3; i++) abandoned().next(); using _kept = trace.infoSpan!("kept"); }
forget();
for (let i = 0; i < 20 && closed < 5; i++) { await new Promise((resolve) => setTimeout(resolve, 10)); globalThis.gc!(); }
console.log(closed);
`,
    );
    const build = await builds.esbuild("enabled", "main.ts", {
      entryPoints: [`${folder}/src/main.ts`],
      outfile: `${folder}/main.mjs`,
    });
    assert.ok(build);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--expose-gc", `${folder}/main.mjs`]);
    assert.is(stdout.trim(), "5");
    assert.match(stderr, /main\.ts:7: the span "forgotten" was never closed/);
    assert.match(stderr, /main\.ts:6: the span "abandoned" was never closed/);
    assert.not.match(stderr, /kept/);
  } finally {
    close();
    builds.close();
  }
  assert.type(warnOrphans, "function");
});

test.run();
