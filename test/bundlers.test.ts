/** The bundler plugins on real builds: same output, stripping, maps, and errors that stop the build with a frame. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { build as viteBuild, createServer } from "vite";
import { test } from "uvu";
import * as assert from "uvu/assert";
import dtracing from "dtracing/vite";
import { bundlers, project } from "./helpers/build.ts";

const main = `import { json, registry, trace } from "dtracing";
registry().with(json({ timer: () => "" })).init();
const log = trace.with({ target: "fixture::work" });

export function work(name: string): void {
  using _span = log.infoSpan!("work", { name }).entered();
  log.debug!({ size: name.length }, "measured");
  log.warn!(\`odd \${name}\`);
}
work("a");
`;

async function inProject<Result>(source: string, run: (folder: string) => Promise<Result>): Promise<Result> {
  const { folder, write, close } = project();
  try {
    write("src/main.ts", source);
    return await run(folder);
  } finally {
    close();
  }
}

function output(file: string): readonly Record<string, unknown>[] {
  const lines = execFileSync(process.execPath, [file], { encoding: "utf8" }).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`${name}: the log has level, target, place and span`, async () => {
    const lines = await inProject(main, async (folder) => output(await bundle(folder, "src/main.ts")));
    assert.equal(
      lines.map(({ level, target, file, line }) => [level, target, file, line]),
      [
        ["DEBUG", "fixture::work", "src/main.ts", 7],
        ["WARN", "fixture::work", "src/main.ts", 8],
      ],
    );
    assert.equal(lines[1]?.["span"], { name: "work", ...(lines[1]?.["span"] as { fields?: object }) });
    assert.match(JSON.stringify(lines[1]), /"odd a"/);
  });

  test(`${name}: calls above maxLevel are not in the build`, async () => {
    const code = await inProject(main, async (folder) =>
      readFileSync(await bundle(folder, "src/main.ts", { maxLevel: "warn" }), "utf8"),
    );
    assert.not.match(code, /measured|"work",/);
    assert.match(code, /odd/);
  });

  test(`${name}: an error stops the build with place, sentence and fix`, async () => {
    const source = `import { trace } from "dtracing";\n\ntrace.info!({ port: 1 }, "on {prot}");\ntrace.inof!("x");\n`;
    const error: Error & { frame?: string } = await inProject(source, (folder) =>
      bundle(folder, "src/main.ts").then(
        () => new Error("the build passed"),
        (thrown) => thrown,
      ),
    );
    const text = `${error.message}\n${error.frame ?? ""}`;
    assert.match(text, "src/main.ts:3:26 dtracing(E009): the placeholder {prot} has no field of that name");
    assert.match(text, "did you mean {port}?");
    assert.match(text, 'src/main.ts:4:1 dtracing(E001): "inof" is not a macro of trace');
    assert.match(text, /3 \| trace\.info!\(\{ port: 1 \}, "on \{prot\}"\);\n\s+\| +\^+/);
  });
}

test("an unknown option is an error that names it", () => {
  assert.throws(
    () => dtracing({ maxlevel: "warn" } as never),
    (error: Error) => error.message === 'dtracing(E005): unknown option "maxlevel"; did you mean "maxLevel"?',
  );
  assert.throws(() => dtracing({ maxLevel: "loud" }), /dtracing\(E011\): maxLevel is "loud"; write one of "off"/);
});

test("vite: production takes the production level, and the map leads back to the source", async () => {
  await inProject(main, async (folder) => {
    await viteBuild({
      root: folder,
      logLevel: "silent",
      configFile: false,
      plugins: [dtracing({ maxLevel: { development: "trace", production: "warn" } })],
      build: { ssr: `${folder}/src/main.ts`, outDir: "out", minify: false, sourcemap: true },
    });
    const code = readFileSync(`${folder}/out/main.js`, "utf8").split("\n");
    assert.not.match(code.join("\n"), "measured");
    const line = code.findIndex((text) => text.includes("odd "));
    const map = new TraceMap(readFileSync(`${folder}/out/main.js.map`, "utf8"));
    const position = originalPositionFor(map, { line: line + 1, column: code[line]?.indexOf("`odd") ?? 0 });
    assert.equal([position.source, position.line, position.column], ["../src/main.ts", 8, 12]);
  });
});

test("vite: the dev server serves the same module transformed", async () => {
  await inProject(main, async (folder) => {
    const server = await createServer({
      root: folder,
      logLevel: "silent",
      configFile: false,
      plugins: [dtracing()],
      server: { middlewareMode: true, ws: false },
      optimizeDeps: { noDiscovery: true },
      appType: "custom",
    });
    try {
      const result = await server.transformRequest("/src/main.ts");
      assert.match(result?.code ?? "", /\$on\[1\] !== 0/);
      assert.is(await server.transformRequest("/src/main.ts"), result);
    } finally {
      await server.close();
    }
  });
});

test.run();
