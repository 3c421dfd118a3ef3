/** Transformed source type-checks under strict settings, as loaders that check it would see it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { applyText, resolveOptions, transform } from "dtracing/transform";
import { project, root } from "./helpers/build.ts";

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
  types: [],
  strict: true,
  noImplicitAny: true,
  noUnusedLocals: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

const source = `import { debug, display, Empty, Level, trace, type Span } from "dtracing";

const log = trace.with({ target: "db" });
export function all(port: number, level: Level): Span {
  trace.info!({ port }, "listening on {port}");
  log.debug!(\`hello \${port}\`, { "a.b": port, x: debug(port), y: display(port) });
  if (trace.enabled!(Level.DEBUG)) trace.event!(level, { port }, "dynamic");
  const span = trace.infoSpan!("query", { table: "users", rows: Empty });
  span.record("rows", 1).inScope(() => trace.with({ parent: span }).warn!("inside"));
  return span;
}
`;

/** The errors of each file, without their place in the file: the transform may move columns. */
function errorsOf(files: readonly string[], options: ts.CompilerOptions = compilerOptions): Map<string, string[]> {
  const errors = new Map(files.map((file) => [file, [] as string[]]));
  for (const { messageText, file, start } of ts.getPreEmitDiagnostics(ts.createProgram(files, options))) {
    const line = start === undefined ? 0 : (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    errors.get(file?.fileName ?? "")?.push(`${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  }
  return errors;
}

test("what is transformed has no type errors that the source did not have", () => {
  const { folder, write, close } = project();
  try {
    write("src/before.ts", source);
    const id = join(folder, "src/after.ts");
    const transformed = transform(source, id, resolveOptions({}, { cwd: folder, production: false }));
    write("src/after.ts", transformed === null ? "" : applyText(source, transformed.edits, id).code);
    assert.equal([...errorsOf([join(folder, "src/before.ts"), id]).values()], [[], []]);
  } finally {
    close();
  }
});

test("a forgotten ! is an error of the type checker, and an undeclared field too", () => {
  const { folder, write, close } = project();
  try {
    write(
      "src/a.ts",
      `import { trace } from "dtracing";\ntrace.info("x");\nconst s = trace.infoSpan!("s", { a: 1 });\ns.record("b", 1);\n`,
    );
    const errors = errorsOf([join(folder, "src/a.ts")]).get(join(folder, "src/a.ts")) ?? [];
    assert.is(errors.length, 2);
    assert.match(errors[0] ?? "", /^2: Cannot invoke an object which is possibly 'undefined'/);
    assert.match(errors[1] ?? "", /^4: Argument of type '"b"' is not assignable/);
  } finally {
    close();
  }
});

test("fixtures without type errors have none after the transform", () => {
  const { folder, close, write } = project();
  const cases = join(root, "fixtures/expand");
  const inputs = readdirSync(cases).flatMap((name) => {
    const file = readdirSync(join(cases, name)).find((one) => /^input\.tsx?$/.test(one));
    return file === undefined ? [] : [{ name, file, path: join(folder, "src", name, file) }];
  });
  // A type that only a removed line used is a matter for linters, and a `function` in the fields has no object for `this`.
  const options = { ...compilerOptions, noUnusedLocals: false, noImplicitThis: false, types: ["node"] };
  try {
    for (const { name, file } of inputs) write(`src/${name}/${file}`, readFileSync(join(cases, name, file), "utf8"));
    const before = errorsOf(
      inputs.map(({ path }) => path),
      options,
    );
    // `trace.debug!() ?? x` is nobody's code; stripped, the checker rightly calls it unreachable.
    const contrived = ["strip-value-positions", "position-values", "strip-no-semicolons-in-sequences"];
    const clean = inputs.filter(({ name, path }) => before.get(path)?.length === 0 && !contrived.includes(name));
    for (const { name, file } of clean) {
      write(`src/${name}/${file}`, readFileSync(join(cases, name, file.replace("input", "output")), "utf8"));
    }
    const after = errorsOf(
      clean.map(({ path }) => path),
      options,
    );
    for (const { name, path } of clean) assert.equal([name, ...(after.get(path) ?? [])], [name]);
    console.log(`note: ${clean.length} of ${inputs.length} fixtures type-check before and after`);
    assert.ok(clean.length >= 40);
  } finally {
    close();
  }
});

test.run();
