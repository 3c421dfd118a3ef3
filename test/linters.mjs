/**
 * `npm run test:linters`: the presets in the real linters. The `!` of a macro is fine, every other one is told as it was,
 * and `--fix` with the strictest preset of typescript-eslint takes none away.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, "fixtures/hosts/linters/node_modules");
const folder = mkdtempSync(join(tmpdir(), "dtracing-lint-"));
const source = `import { trace } from "dtracing";

export function first(names: readonly string[]): string {
  const span = trace.infoSpan!("first", { count: names.length });
  trace.info!({ count: names.length }, "asked");
  if (trace.enabled!("debug")) span.record("count", 0);
  return names[0]!;
}
`;
const write = (file, content) =>
  writeFileSync(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
const run = (program, ...words) => {
  const { stdout, stderr } = spawnSync(program, words, { cwd: folder, encoding: "utf8" });
  return `${stdout}${stderr}`;
};
/** Lines of the source that a rule is told of. */
const lines = (text, pattern) => [...text.matchAll(pattern)].map(([, line]) => Number(line));

const linters = {
  "typescript-eslint"() {
    const config = (last) => `import tseslint from "typescript-eslint";
import dtracing from "dtracing/eslint";
export default [...tseslint.configs.strictTypeChecked, { languageOptions: { parserOptions: { projectService: true } } }, ${last}];\n`;
    const eslint = (...words) => run(process.execPath, join(packages, "eslint/bin/eslint.js"), "src", ...words);
    write("eslint.config.mjs", config(""));
    assert.deepEqual(lines(eslint(), /^\s+(\d+):\d+\s+error\s+Forbidden non-null assertion/gm), [4, 5, 6, 7]);
    write("eslint.config.mjs", config("dtracing"));
    const said = eslint();
    assert.deepEqual(lines(said, /^\s+(\d+):\d+\s+error/gm), [7], said);
    eslint("--fix");
    assert.equal(readFileSync(join(folder, "src/main.ts"), "utf8"), source);
  },
  oxlint() {
    const oxlint = () => run(process.execPath, join(root, "node_modules/oxlint/bin/oxlint"), "--format=unix", "src");
    const rules = { "typescript/no-non-null-assertion": "error" };
    const pattern = /^src\/main\.ts:(\d+):/gm;
    write(".oxlintrc.json", { plugins: ["typescript"], rules });
    assert.deepEqual(lines(oxlint(), pattern), [4, 5, 6, 7]);
    write(".oxlintrc.json", {
      plugins: ["typescript"],
      categories: { style: "error" },
      extends: ["./node_modules/dtracing/lint/oxlint.json"],
    });
    const said = oxlint();
    assert.doesNotMatch(said, /non-null/i);
  },
  Biome() {
    const biome = () => run(join(packages, ".bin/biome"), "lint", "--reporter=github", "src");
    const rules = { style: { noNonNullAssertion: "error" } };
    const pattern = /line=(\d+),.*?noNonNullAssertion|noNonNullAssertion.*?line=(\d+)/g;
    write("biome.json", { linter: { rules } });
    const plain = biome();
    assert.equal(plain.match(/noNonNullAssertion/g)?.length, 4, plain);
    write("biome.json", { extends: ["dtracing/biome.json"] });
    const said = biome();
    assert.equal(said.match(pattern), null, said);
    assert.doesNotMatch(said, /error/, said);
  },
};

mkdirSync(join(folder, "src"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
for (const name of ["typescript-eslint", "eslint", "typescript"])
  symlinkSync(join(packages, name), join(folder, "node_modules", name), "dir");
write("package.json", { name: "linted", type: "module" });
write("tsconfig.json", {
  compilerOptions: {
    strict: true,
    noUncheckedIndexedAccess: true,
    module: "nodenext",
    target: "es2022",
    types: [],
    skipLibCheck: true,
  },
  include: ["src"],
});
write("src/main.ts", source);
let failed = 0;
for (const [name, check] of Object.entries(linters)) {
  try {
    check();
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}: ${error.message}`);
  }
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
