/** The core in a real browser: no AsyncLocalStorage there, and still every line in its own span. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import dtracing from "dtracing/esbuild";
import { bodyOf, browser } from "./helpers/browser.ts";
import { project, root } from "./helpers/build.ts";

if (browser === undefined) console.log("skip: no chromium on this machine: the core was not run in a browser");
const inBrowser = browser === undefined ? test.skip : test;

inBrowser("concurrent requests keep their spans across awaits", async () => {
  const { folder, write, close } = project("browser");
  try {
    await esbuild.build({
      entryPoints: [join(folder, "src/main.ts")],
      outfile: join(folder, "main.js"),
      bundle: true,
      platform: "browser",
      target: "es2022",
      plugins: [dtracing({ root: folder })],
    });
    write("index.html", '<!doctype html><meta charset="utf-8"><body><script src="main.js"></script></body>');
    const lines: string[] = JSON.parse(await bodyOf(pathToFileURL(join(folder, "index.html")).href));
    assert.is(lines.length, 10, lines.join("\n"));
    for (const id of [1, 2, 3]) {
      const own = lines.filter((line) => line.includes(`request{id=${id}}`));
      assert.equal(own, [
        `T DEBUG request{id=${id}}: page: started id=${id}`,
        `T  INFO request{id=${id}}: page: half of ${id} id=${id} unicode="grüße 🌍"`,
        `T  INFO request{id=${id}}: page: done id=${id}`,
      ]);
    }
    assert.ok(lines.includes("T  INFO page: outside inside=false"));
  } finally {
    close();
  }
});

test("no node: import is reachable from the core", async () => {
  const { metafile, outputFiles } = await esbuild.build({
    entryPoints: [join(root, "runtime/index.ts"), join(root, "runtime/internal.ts")],
    absWorkingDir: root,
    outdir: "out",
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path));
  assert.ok(imports.length > 20);
  assert.equal(
    imports.filter((path) => !path.startsWith("runtime/")),
    [],
  );
  assert.not.match(outputFiles.map(({ text }) => text).join("\n"), /\bfrom\s*["']node:|import\(["']node:/);
  assert.match(readFileSync(join(root, "transformer/index.ts"), "utf8"), /from "node:/);
});

test.run();
