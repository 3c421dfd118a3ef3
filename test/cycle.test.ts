/** An import cycle: a hoisted function that is called before its module ran records its event, in every host. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { minify as oxcMinify } from "oxc-minify";
import { minify as terser } from "terser";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { applyText, resolveOptions, transform } from "dtracing/transform";
import { bundlers, project } from "./helpers/build.ts";

const expected = ["greet:early", "inner:early", "second ran:early", "first ran:early", "greet:late", "inner:late"];

function linesOf(file: string): unknown {
  return JSON.parse(execFileSync(process.execPath, [file], { encoding: "utf8" }));
}

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`${name}: events of a cycle are recorded`, async () => {
    const { folder, close } = project("cycle");
    try {
      assert.equal(linesOf(await bundle(folder, "src/main.ts")), expected);
    } finally {
      close();
    }
  });
}

const minifiers = {
  esbuild: async (code: string) => (await esbuild.transform(code, { minify: true, format: "esm" })).code,
  terser: async (code: string) => (await terser(code, { module: true, compress: { passes: 3 } })).code ?? "",
  "oxc-minify": async (code: string) => (await oxcMinify("a.mjs", code, { module: true })).code,
};

for (const [bundler, bundle] of Object.entries(bundlers)) {
  for (const [minifier, minify] of Object.entries(minifiers)) {
    test(`${bundler}, minified by ${minifier}: events of a cycle are recorded`, async () => {
      const { folder, close } = project("cycle");
      try {
        const file = await bundle(folder, "src/main.ts");
        writeFileSync(file, await minify(readFileSync(file, "utf8")));
        assert.equal(linesOf(file), expected);
      } finally {
        close();
      }
    });
  }
}

for (const format of ["esm", "cjs"] as const) {
  test(`node ${format}: events of a cycle are recorded`, () => {
    const { folder, close } = project("cycle");
    try {
      const extension = format === "esm" ? "mjs" : "cjs";
      for (const file of ["main", "record", "first", "second"]) {
        const id = join(folder, "src", `${file}.ts`);
        const source = readFileSync(id, "utf8");
        const transformed = transform(source, id, resolveOptions({}, { cwd: folder, production: false }));
        const code = transformed === null ? source : applyText(source, transformed.edits, id).code;
        const js = esbuild.transformSync(code, { loader: "ts", format }).code;
        writeFileSync(join(folder, "src", `${file}.${extension}`), js.replaceAll(/(\.\/\w+)\.ts/g, `$1.${extension}`));
      }
      assert.equal(linesOf(join(folder, "src", `main.${extension}`)), expected);
    } finally {
      close();
    }
  });
}

test("the cycle is a real one: without the early registration an event is lost", async () => {
  const { folder, close } = project("cycle");
  try {
    const file = await bundlers.esbuild(folder, "src/main.ts");
    const code = readFileSync(file, "utf8");
    const early = /\(\$up\d* === (?:void 0|undefined) \? [^:]* : (\$on\d*)\)/g;
    assert.match(code, early);
    writeFileSync(file, code.replaceAll(early, "($1 ?? [0, 0])"));
    assert.equal(linesOf(file), expected.slice(2));
  } finally {
    close();
  }
});

test.run();
