/** What docs/subscribers.md says: that its tests exist, and that its example runs. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";
import { Children } from "./helpers/child.ts";
import { installed } from "./helpers/install.ts";

const text = readFileSync(join(root, "docs/subscribers.md"), "utf8");

/** The rows of the inventory that are to be mirrored, of its sections on callsites, subscribers, layers, filters, formats and what joins in. */
const ticked = [
  86, 87, 90, 92, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 106, 107, 108, 109, 110, 111, 115, 119, 120, 121, 125, 128,
  130, 131, 133, 134, 135, 137, 138, 139, 140, 141, 142, 143, 144, 145, 149, 150, 151, 153, 154, 155, 156, 158, 159, 160,
  161, 164, 165, 166, 167, 169, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 194, 196, 198, 206, 210,
]; // prettier-ignore

/** A line of the tables: the rows it is about, and the name of the test that shows it. */
interface Claim {
  readonly rows: readonly number[];
  readonly test: string;
}

const claims: readonly Claim[] = text
  .slice(text.indexOf("## Rust's tracing: what is the same"))
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const cells = line.split(" | ").map((cell) => cell.replace(/^\| | *\|$/g, "").trim());
    const rows = cells[0]!.split(",").flatMap((part) => {
      const [first = 0, last = first] = part.split("–").map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
    return { rows, test: cells.at(-1)!.replaceAll("\\", "") };
  });

test("every row that is to be mirrored is in a table", () => {
  const covered = new Set(claims.flatMap(({ rows }) => rows));
  assert.equal(ticked.filter((row) => !covered.has(row)), []); // prettier-ignore
});

test("every test of the tables is in a suite, under that very name", () => {
  const suites = readdirSync(join(root, "test")).filter((name) => name.endsWith(".test.ts"));
  const source = suites.map((name) => readFileSync(join(root, "test", name), "utf8")).join("\n");
  const names = new Set([...source.matchAll(/\b(?:test|texts)\(\s*"((?:[^"\\]|\\.)*)"/g)].map(([, name]) => name!));
  assert.ok(claims.length > 80, `${claims.length}`);
  assert.equal(claims.filter(({ test }) => !names.has(test)), []); // prettier-ignore
});

test("the example of vitest passes, and fails where it should", () => {
  const vitest = installed(join(root, "fixtures/hosts/vitest"));
  const children = new Children();
  try {
    const [, example] = /```js\n(\/\/ vitest\n[^]*?)```/.exec(text)!;
    symlinkSync(join(vitest, "node_modules/vitest"), join(children.folder, "node_modules/vitest"), "dir");
    const run = (code: string): string => {
      children.write("example.test.js", code);
      const bin = join(vitest, "node_modules/vitest/vitest.mjs");
      const { stdout } = spawnSync(process.execPath, [bin, "run"], { encoding: "utf8", cwd: children.folder, env: { ...process.env, NO_COLOR: "1" } }); // prettier-ignore
      return stdout;
    };
    assert.match(run(example!), /Tests +1 passed/);
    assert.match(run(example!.replace('"late")', '"early")')), /Tests +1 failed/);
  } finally {
    children.close();
  }
});

test("the example of node:test passes", () => {
  const children = new Children();
  try {
    const [, example] = /```js\n(\/\/ node:test\n[^]*?)```/.exec(text)!;
    const path = children.write("example.test.js", example!);
    const { status, stdout } = spawnSync(process.execPath, ["--test", path], {
      encoding: "utf8",
      cwd: children.folder,
    });
    assert.is(status, 0, stdout);
    assert.match(stdout, /pass 2/);
  } finally {
    children.close();
  }
});

test.run();
