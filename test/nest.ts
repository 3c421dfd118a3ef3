/** A NestJS controller behaves and reflects the same with `@instrument`, built and not, and without: `npm run test:nest`. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import ts from "typescript";
import { before } from "dtracing/ts-transformer";
import { repository } from "./helpers/tsc-versions.ts";

const folder = join(repository, "fixtures/hosts/nest");
const source = readFileSync(join(folder, "app.ts"), "utf8");
const link = join(folder, "node_modules/dtracing");
if (!existsSync(link)) symlinkSync(repository, link, "dir");

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds one variant of the application, and runs it. */
async function outcome(name: string, code: string, isTransformed: boolean): Promise<Outcome> {
  const home = join(folder, `dist-${name}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  writeFileSync(join(home, "app.ts"), code);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: true,
    strict: true,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
    types: ["node"],
    typeRoots: [join(repository, "node_modules/@types")],
    configFilePath: join(home, "tsconfig.json"),
  };
  const program = ts.createProgram([join(home, "app.ts")], options);
  const problems = ts.getPreEmitDiagnostics(program);
  assert.equal(
    problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    [],
  );
  program.emit(undefined, undefined, undefined, false, isTransformed ? { before: [before(ts, program)] } : {});
  return promisify(execFile)(process.execPath, [join(home, "app.js")]);
}

const without = await outcome("without", source.replaceAll(/^\s*@instrument.*$/gm, ""), true);

for (const [name, isTransformed] of [
  ["built", true],
  ["untransformed", false],
] as const) {
  test(`@instrument, ${name}: the same responses, Swagger document and metadata`, async () => {
    const { stdout, stderr } = await outcome(name, source, isTransformed);
    assert.fixture(stdout, without.stdout);
    assert.match(stderr, /find,one/);
    assert.not.match(without.stderr, /find|one/);
    console.log(`note: ${name}: ${stderr.split("\n").at(-2)}`);
  });
}

test("what is compared is there", () => {
  for (const part of [
    "TOM",
    "no such cat",
    "Validation failed",
    "Forbidden resource",
    "one cat",
    "design:paramtypes",
    "swagger/apiOperation",
  ])
    assert.match(without.stdout, part);
});

test.run();
