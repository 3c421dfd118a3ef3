/** The stack of an error leads through instrumented functions to the one that waits, whether somebody listens or not. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { applyText, resolveOptions, transform } from "dtracing/transform";
import { project } from "./helpers/build.ts";

const source = `import { registry, text } from "dtracing";
const later = () => new Promise((resolve) => setTimeout(resolve, 1));
/** @instrument */ async function thrower() { await later(); throw new Error("mine"); }
/** @instrument */ async function returns() { return thrower(); }
/** @instrument */ function passes() { return returns(); }
/** @instrument */ async function waits() { await passes(); }
/** @instrument */ async function waiting() { return await waits(); }
if (process.argv[2] === "enabled") registry().with(text({ writer() {} })).init();
try {
  await waiting();
} catch ({ stack }) {
  console.log(stack.split("\\n").slice(1).map((line) => /at (?:async )?(\\w+) \\(/.exec(line)?.[1]).join(" "));
}
`;

test("an async function that returns a promise, and one that is not async, are passed", () => {
  const { folder, write, close } = project();
  try {
    const id = join(folder, "main.mjs");
    const options = resolveOptions({}, { cwd: folder, production: false });
    write("main.mjs", applyText(source, transform(source, id, options)?.edits ?? [], id).code);
    const run = (...words: string[]): string => execFileSync(process.execPath, [id, ...words], { encoding: "utf8" });
    assert.is(run(), "thrower waits waiting \n");
    assert.is(run("enabled"), run());
  } finally {
    close();
  }
});

test.run();
