/** The plugin in the real `tspc`, for both pairs of TypeScript and ts-patch. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import type typescript from "typescript";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import dtracing, { before, unsupportedTypeScript } from "../dist/transformer/host/tsc.js";
import { compilerOptions, plugin, Project } from "./helpers/tsc-project.ts";
import { pairs } from "./helpers/tsc-versions.ts";

const main = `// The program.
import { trace, type Span } from "dtracing";
import { helper } from "./helper.js";

export interface Server { port: number }
const port = 8080;
trace.info!({ port, helped: helper(1) }, "listening");
trace.debug!({ port }, "details");
export const spans: Span[] = [];
export function serve(server: Server): number {
  using _serve = trace.infoSpan!("serve", { port: server.port }).entered();
  return server.port;
}
`;
const helper = `import { trace } from "dtracing";

export function helper(n: number): number {
  trace.debug!({ n }, "helped");
  return n + 1;
}
`;
const lib = ["es2023", "esnext.disposable"];
const config = (options: Readonly<Record<string, unknown>> = {}, more: object = {}): object => ({
  compilerOptions: { ...compilerOptions, lib, plugins: [plugin(options)], ...more },
  include: ["src"],
});
const sources = { "src/main.ts": main, "src/helper.ts": helper };

for (const pair of pairs) {
  const { ts } = pair;
  const test = suite(`tspc on TypeScript ${ts.version}`);
  const using = async (
    files: Record<string, string | object>,
    use: (project: Project) => void | Promise<void>,
  ): Promise<void> => {
    const project = new Project(pair, files);
    try {
      await use(project);
    } finally {
      project.remove();
    }
  };

  test("-p writes guards, and the program runs", () =>
    using({ ...sources, "tsconfig.json": config() }, (project) => {
      const { status, stdout } = project.tspc(["-p", "."]);
      assert.is(`${stdout}${status}`, "0");
      const js = project.read("out/main.js");
      assert.match(js, /import \* as \$dt from "dtracing\/internal";/);
      assert.match(js, /\$on\[0\] !== 0 && \$dt\.event\(\$sites, 0\)\?\.\(port, helper\(1\)\);/);
      assert.match(js, /\["src\/main\.ts", "[0-9a-f]{8}", "app::main", "[1-5a-eq-u]+", `/);
      assert.not.match(js, /trace\.info|from "dtracing"/);
      assert.is(project.node("out/main.js").status, 0);
    }));

  test("CommonJS output runs as well", () =>
    using({ ...sources, "tsconfig.json": config(), "package.json": { name: "app", type: "commonjs" } }, (project) => {
      const { status, stdout } = project.tspc(["-p", "."]);
      assert.is(`${stdout}${status}`, "0");
      assert.match(project.read("out/main.js"), /\(port, \(0, helper_js_1\.helper\)\(1\)\)/);
      const { status: ran, stderr } = project.node("out/main.js");
      assert.is(`${stderr}${ran}`, "0");
    }));

  test("declarations are what tsc writes without the plugin", () =>
    using({ ...sources, "tsconfig.json": config() }, (project) => {
      project.tspc(["-p", "."]);
      project.tsc(["-p", ".", "--outDir", "plain"]);
      assert.match(project.read("plain/main.js"), /trace\.info/);
      for (const file of ["main.d.ts", "helper.d.ts"]) {
        assert.is(project.read(`out/${file}`), project.read(`plain/${file}`));
      }
    }));

  test("source maps lead back to the source, also inside a macro", () =>
    using({ ...sources, "tsconfig.json": config() }, (project) => {
      project.tspc(["-p", "."]);
      const map = new TraceMap(project.read("out/main.js.map"));
      for (const [generated, original] of [
        ["$on[0] !== 0", "trace.info!("],
        ["$dt.span($sites, 2)", "trace.infoSpan!("],
        ["port, helper(1)", "port, helped"],
        ["helper(1)", "helper(1)"],
        ["return server.port", "return server.port"],
        ["server.port)", "server.port }"],
      ] as const) {
        const { line, column } = originalPositionFor(map, positionOf(project.read("out/main.js"), generated));
        assert.equal({ generated, line, column }, { generated, ...positionOf(main, original) });
      }
    }));

  test("the level of a production build wins under NODE_ENV=production", () =>
    using(
      { ...sources, "tsconfig.json": config({ maxLevel: { development: "debug", production: "warn" } }) },
      (project) => {
        project.tspc(["-p", "."]);
        assert.match(project.read("out/helper.js"), /\$dt\.event/);
        project.tspc(["-p", "."], { NODE_ENV: "production" });
        assert.is(
          project.read("out/helper.js"),
          `export function helper(n) {\n    return n + 1;\n}\n//# sourceMappingURL=helper.js.map`,
        );
      },
    ));

  test("--build follows references", () =>
    using(
      {
        "tsconfig.json": { files: [], references: [{ path: "./lib" }, { path: "./app" }] },
        "lib/tsconfig.json": {
          compilerOptions: { ...compilerOptions, lib, composite: true, rootDir: ".", plugins: [plugin()] },
        },
        "lib/helper.ts": helper,
        "app/tsconfig.json": {
          compilerOptions: { ...compilerOptions, lib, composite: true, rootDir: ".", plugins: [plugin()] },
          references: [{ path: "../lib" }],
        },
        "app/main.ts": main.replace("./helper.js", "../lib/helper.js"),
      },
      (project) => {
        const { status, stdout } = project.tspc(["--build"]);
        assert.is(`${stdout}${status}`, "0");
        assert.match(project.read("lib/out/helper.js"), /\$dt\.event\(\$sites, 0\)\?\.\(n\)/);
        assert.match(project.read("app/out/main.js"), /\$dt\.event\(\$sites, 0\)\?\.\(port, helper\(1\)\)/);
      },
    ));

  test("--incremental rewrites what changed, and keeps a failing file failing", () =>
    using(
      { ...sources, "tsconfig.json": config({}, { incremental: true, tsBuildInfoFile: "out/info" }) },
      (project) => {
        assert.is(project.tspc(["-p", "."]).status, 0);
        const first = project.read("out/main.js");
        project.write({ "src/helper.ts": helper.replace("helped", "helped again") });
        assert.is(project.tspc(["-p", "."]).status, 0);
        assert.match(project.read("out/helper.js"), /helped again/);
        assert.is(project.read("out/main.js"), first);
      },
    ));

  test("--watch writes again when a file changes", () =>
    using({ ...sources, "tsconfig.json": config() }, async (project) => {
      const watcher = project.watch(["-p", "."]);
      try {
        await until(
          () => existsSync(join(project.folder, "out/helper.js")) && /"helped"/.test(project.read("out/helper.js")),
        );
        await delay(500); // the watchers are set up after the first output
        project.write({ "src/helper.ts": helper.replace("helped", "seen") });
        await until(() => /"seen"/.test(project.read("out/helper.js")));
        assert.match(project.read("out/helper.js"), /\$dt\.event/);
      } finally {
        watcher.kill();
      }
    }));

  test("an error has a place and a code, and fails the build", () =>
    using(
      {
        "src/bad.ts": `import { trace } from "dtracing";\n\n  trace.info!({ a: 1, a: 2 } as {}, "twice");\nconst f = trace.info;\nvoid f;\n`,
        "tsconfig.json": config(),
      },
      (project) => {
        const { status, stdout } = project.tspc(["-p", ".", "--pretty", "false"]);
        assert.is.not(status, 0);
        assert.match(
          stdout,
          /^src\/bad\.ts\(4,11\): error TS990002: dtracing\(E002\): the macro trace\.info is used as a value; call it/m,
        );
      },
    ));

  test("an error of --incremental and --build is there once", () =>
    using(
      {
        ...sources,
        "src/bad.ts": `import { trace } from "dtracing";\nconst f = trace.info;\nvoid f;\n`,
        "tsconfig.json": config({}, { composite: true }),
      },
      (project) => {
        const { status, stdout } = project.tspc(["--build", "--pretty", "false"]);
        assert.is.not(status, 0);
        assert.is(stdout.match(/src\/bad\.ts\(2,11\): error TS990002/g)?.length, 1);
      },
    ));

  test("a warning is printed and does not fail the build", () =>
    using(
      {
        "src/side.ts": `import { trace } from "dtracing";\nlet n = 0;\ntrace.debug!({ n: n++ }, "counted");\nvoid n;\n`,
        "tsconfig.json": config({ maxLevel: "info" }),
      },
      (project) => {
        const { status, stdout, stderr } = project.tspc(["-p", "."]);
        assert.is(`${stdout}${status}`, "0");
        assert.match(stderr, /^src\/side\.ts\(3,\d+\): warning TS990101: dtracing\(W001\): /);
      },
    ));

  test("a wrong option is shown in tsconfig.json", () =>
    using({ ...sources, "tsconfig.json": config({ maxLevel: { production: "loud" } }) }, (project) => {
      const { status, stdout } = project.tspc(["-p", ".", "--pretty", "false"]);
      const at = positionOf(project.read("tsconfig.json"), `"production"`);
      assert.is.not(status, 0);
      assert.match(
        stdout,
        `tsconfig.json(${at.line},${at.column + 1}): error TS990011: dtracing(E011): maxLevel.production is "loud"`,
      );
    }));

  test("an unknown option and a misplaced plugin are errors", () =>
    using({ ...sources, "tsconfig.json": config({ maxlevel: "warn" }) }, (project) => {
      const { status, stdout } = project.tspc(["-p", ".", "--pretty", "false"]);
      assert.is.not(status, 0);
      assert.match(
        stdout,
        /tsconfig\.json\(\d+,\d+\): error TS990005: dtracing\(E005\): unknown option "maxlevel"; did you mean "maxLevel"\?/,
      );
      project.write({ "tsconfig.derived.json": { extends: "./tsconfig.json" } });
      assert.match(
        project.tspc(["-p", "tsconfig.derived.json", "--pretty", "false"]).stdout,
        /^tsconfig\.json\(\d+,\d+\): error TS990005/m,
      );
      project.write({ "tsconfig.json": config({ after: true }) });
      assert.match(
        project.tspc(["-p", ".", "--pretty", "false"]).stdout,
        /tsconfig\.json\(\d+,\d+\): error TS990011: dtracing\(E011\): "after" is true/,
      );
    }));

  test("TypeScript's own API takes the transformer", () =>
    using(
      { ...sources, "src/bad.ts": `import { trace } from "dtracing";\nexport const f = trace.info;\n` },
      (project) => {
        const options = {
          target: 9,
          module: 199,
          lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
          types: [],
          skipLibCheck: true,
        };
        const program = ts.createProgram(
          [join(project.folder, "src/main.ts"), join(project.folder, "src/bad.ts")],
          options,
        );
        let js = "";
        const emit = (file: string): void => {
          const source = program.getSourceFile(join(project.folder, file));
          program.emit(source, (_, text) => (js = text), undefined, false, {
            before: [before(ts, program, { maxLevel: "info" })],
          });
        };
        emit("src/main.ts");
        assert.match(js, /\$dt\.event\(\$sites, 0\)\?\.\(port, helper\(1\)\);/);
        assert.not.match(js, /details/);
        assert.throws(() => emit("src/bad.ts"), /bad\.ts\(2,18\): error TS990002: dtracing\(E002\)/);
        assert.throws(() => before(ts, program, { maxLevel: "loud" }), /dtracing\(E011\)/);
      },
    ));

  test.run();
}

const versions = suite("versions of TypeScript");
const seven = { version: "7.0.2", versionMajorMinor: "7.0" } as unknown as typeof typescript;
versions("5 and 6 are supported, 7 is told which pairs work", () => {
  for (const { ts } of pairs) assert.is(unsupportedTypeScript(ts), undefined);
  const program = { getCompilerOptions: () => ({}), getCurrentDirectory: () => "/" } as typescript.Program;
  const told: typescript.Diagnostic[] = [];
  // All that the package exports to a program.
  dtracing(program, {}, { ts: seven, addDiagnostic: (diagnostic) => told.push(diagnostic), diagnostics: told });
  assert.equal(
    told.map(({ code, category }) => [code, category]),
    [[990012, 1]],
  );
  assert.match(
    String(told[0]?.messageText),
    /^dtracing\(E012\): TypeScript 7\.0\.2 has no .* 5\.9 with ts-patch 3\.3, or TypeScript 6\.0 with ts-patch 4\.0$/,
  );
  assert.throws(() => before(seven, program), /dtracing\(E012\)/);
});
versions.run();

/** 1-based line and 0-based column of a piece of text, as source maps count. */
function positionOf(text: string, part: string): { readonly line: number; readonly column: number } {
  const at = text.indexOf(part);
  assert.ok(at >= 0, `${part} is not in\n${text}`);
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: lines.at(-1)?.length ?? 0 };
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await delay(50)) if (condition()) return;
  throw new Error(`not within a minute: ${condition}`);
}
