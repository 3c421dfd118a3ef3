/** What is stripped leaves nothing: minified, the build is the source without the calls, byte for byte. */
import { spawnSync } from "node:child_process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { transformSync } from "esbuild";
import { minifySync } from "oxc-minify";
import { minify as terser } from "terser";
import { applyText } from "../transformer/apply/text.ts";
import { formatDiagnostic, resolveOptions, transform, type Options } from "../transformer/index.ts";
import { sources } from "./helpers/strip-sources.ts";

const minifiers = {
  esbuild: (code: string) => transformSync(code, { minify: true, format: "esm", target: "node20" }).code,
  terser: async (code: string) => (await terser(code, { module: true })).code ?? "",
  "oxc-minify": (code: string) => minifySync("a.mjs", code, { module: true }).code,
};

const strip = suite("a stripped build");

for (const [name, { marked, file = "a.ts", options = { maxLevel: "warn" } }] of Object.entries(sources)) {
  const source = marked.replaceAll(/⟦([^⟦⟧|]*)(?:\|[^⟦⟧]*)?⟧/g, "$1");
  const without = marked.replaceAll(/⟦[^⟦⟧|]*(?:\|([^⟦⟧]*))?⟧/g, "$1");
  for (const [minifier, minify] of Object.entries(minifiers)) {
    strip(`${name}, minified by ${minifier}, is the source without its calls`, async () => {
      assert.is.not(source, without);
      const stripped = lower(stripAll(source, file, options), file);
      assert.is(await minify(stripped), await minify(lower(without, file)));
    });
  }
  strip(`${name} does not name the package any more`, () => {
    assert.not.match(lower(stripAll(source, file, options), file), "dtracing");
  });
}

/** A file that the parser refuses, which shows whether it was asked. */
const broken = "export const = ((( ;\n";

const untouched = suite("a file without dtracing");

untouched("is left alone before it is parsed", () => {
  const options = resolve({});
  assert.is(transform(broken, "/app/src/a.ts", options), null);
  const [told] = transform(`${broken}// dtracing`, "/app/src/a.ts", options)?.diagnostics ?? [];
  assert.is(told?.code, "W002", "the parser refuses the same source once it is asked");
});

untouched("costs no call of the parser, and one that names it costs one", () => {
  // The parser is replaced by one that counts.
  const child = `
    import { register } from "node:module";
    register("data:text/javascript," + encodeURIComponent(\`
      export async function resolve(specifier, context, next) {
        const found = await next(specifier, context);
        if (specifier !== "oxc-parser" || context.parentURL?.startsWith("data:")) return found;
        const counting = "import * as real from " + JSON.stringify(found.url) + "; export * from " + JSON.stringify(found.url) +
          "; globalThis.parsed = 0; export const parseSync = (...all) => (globalThis.parsed++, real.parseSync(...all));";
        return { url: "data:text/javascript," + encodeURIComponent(counting), shortCircuit: true };
      }
    \`));
    const { resolveOptions, transform } = await import("dtracing/transform");
    const options = resolveOptions({}, { cwd: "/app", production: false });
    const files = ["", "export {};", "import { trace } from 'tracing';", "trace.info!('x')", ${JSON.stringify(broken)}];
    const results = files.map((code) => transform(code, "/app/src/a.ts", options));
    const before = globalThis.parsed;
    transform("import { trace } from 'dtracing'; trace.info!('x');", "/app/src/a.ts", options);
    console.log(JSON.stringify({ results, before, after: globalThis.parsed }));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", child], { encoding: "utf8" });
  assert.is(stdout, `${JSON.stringify({ results: [null, null, null, null, null], before: 0, after: 1 })}\n`, stderr);
});

untouched("is left alone also when it names the package and has no macro", () => {
  const code = `// see dtracing\nimport { Level } from "dtracing";\nexport const level = Level.INFO;\n`;
  assert.is(transform(code, "/app/src/a.ts", resolve({})), null);
});

function resolve(options: Options): ReturnType<typeof resolveOptions> {
  return resolveOptions(options, { cwd: "/app", production: true });
}

function stripAll(code: string, file: string, options: Options): string {
  const result = transform(code, `/app/src/${file}`, resolve(options));
  assert.equal(result?.diagnostics.map(formatDiagnostic), []);
  return applyText(code, result?.edits ?? [], file).code;
}

/** Without types, and with `using` lowered, as every host has it before it minifies. */
function lower(code: string, file: string): string {
  const loader = file.endsWith("x") ? "tsx" : file.endsWith("js") ? "js" : "ts";
  return transformSync(code, { loader, target: "node20", jsx: "automatic", tsconfigRaw: {} }).code;
}

strip.run();
untouched.run();
