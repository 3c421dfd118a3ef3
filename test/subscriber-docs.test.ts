/** What docs/subscribers.md says: that its tests exist, and that its example runs. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";
import { Children } from "./helpers/child.ts";

const text = readFileSync(join(root, "docs/subscribers.md"), "utf8");

test("every test of the table is in a suite", () => {
  const suites = readdirSync(join(root, "test")).filter((name) => name.endsWith(".test.ts"));
  const source = suites.map((name) => readFileSync(join(root, "test", name), "utf8")).join("\n");
  const table = text.slice(text.indexOf("what is the same"), text.indexOf("## What differs"));
  const names = [...table.matchAll(/^\| [\d–, ]+ \| .* \| (.*?) *\|$/gm)].map(([, name]) => name!);
  assert.ok(names.length > 40, `${names.length}`);
  for (const name of names) assert.ok(source.includes(`test("${name}"`), name);
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
