/** A library that was built with the plugin before it was published, in an application that was built too. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { createServer, createServerModuleRunner } from "vite";
import { test } from "uvu";
import * as assert from "uvu/assert";
import esbuildDtracing from "dtracing/esbuild";
import dtracing from "dtracing/vite";
import { bundlers, project } from "./helpers/build.ts";

const library = `import { trace } from "dtracing";
export function parse(text: string): number {
  trace.debug!({ length: text.length }, "parsing");
  return text.length;
}
`;
const application = (setup: string): string => `import { json, registry, targets, trace } from "dtracing";
import { parse } from "parser";
${setup}
const n = parse("abc");
trace.info!({ n }, "parsed");
`;

test("it is silent until the application listens, and then filtered by its own name", async () => {
  const published = project();
  const { folder, write, close } = project();
  try {
    published.write("package.json", JSON.stringify({ name: "parser", type: "module" }));
    published.write("src/index.ts", library);
    const built = await bundlers.rollup(published.folder, "src/index.ts");
    assert.match(readFileSync(built, "utf8"), /\["src\/index\.ts", "[0-9a-f]{8}", "parser"/);
    const installed = join(folder, "node_modules/parser");
    mkdirSync(installed);
    cpSync(built, join(installed, "index.mjs"));
    writeFileSync(join(installed, "package.json"), JSON.stringify({ name: "parser", main: "index.mjs" }));
    const run = async (setup: string): Promise<readonly string[]> => {
      write("src/main.ts", application(setup));
      const file = await bundlers.esbuild(folder, "src/main.ts");
      const lines = execFileSync(process.execPath, [file], { encoding: "utf8" }).split("\n");
      return lines
        .filter((line) => line !== "")
        .map((line) => {
          const { target, fields } = JSON.parse(line) as { target: string; fields: { message: string } };
          return `${target} ${fields.message}`;
        });
    };
    assert.equal(await run(""), []);
    assert.equal(await run("registry().with(json()).init();"), ["parser parsing", "fixture::main parsed"]);
    assert.equal(await run(`registry().with(targets("info")).with(json()).init();`), ["fixture::main parsed"]);
    assert.equal(await run(`registry().with(targets("off,parser=debug")).with(json()).init();`), ["parser parsing"]);
  } finally {
    published.close();
    close();
  }
});

test("two bundles with a runtime in each, as ES module and CommonJS, share one subscriber; another version is told of", async () => {
  const { folder, write, close } = project();
  const bundle = async (file: string, format: "esm" | "cjs"): Promise<string> => {
    const outfile = join(folder, `out/${file}.${format === "esm" ? "mjs" : "cjs"}`);
    const entryPoints = [join(folder, `src/${file}.ts`)];
    const plugins = [esbuildDtracing({ root: folder })];
    await esbuild({
      entryPoints,
      outfile,
      format,
      bundle: true,
      minify: true,
      platform: "node",
      plugins,
      external: ["*.cjs"],
    });
    return outfile;
  };
  try {
    write("src/parser.ts", library);
    write("src/main.ts", application("registry().with(json()).init();").replace(`"parser"`, `"./parser.cjs"`));
    const parser = await bundle("parser", "cjs");
    const main = await bundle("main", "esm");
    const run = () => spawnSync(process.execPath, [main], { encoding: "utf8" });
    const heard = run();
    assert.is(heard.stderr, "");
    assert.equal(
      heard.stdout
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { target: string }).target),
      ["fixture::parser", "fixture::main"],
    );
    const text = readFileSync(parser, "utf8");
    const other = text.replaceAll(/(?<=[,{]abi:)[\w$]+|(?<=\.abi\)?={2,3})[\w$]+/g, "7");
    assert.is.not(other, text);
    writeFileSync(parser, other);
    assert.match(run().stderr, /two versions that cannot share a subscriber are loaded \(abi \w+ and \w+\)/);
  } finally {
    close();
  }
});

test("vite: a module that is reloaded has its new callsites, and what is unchanged is registered once", async () => {
  const { folder, write, close } = project();
  const source = (text: string): string =>
    `import { trace } from "dtracing";\nexport const say = (): void => trace.info!("${text}");\n`;
  write("src/hot.ts", source("first"));
  const server = await createServer({
    root: folder,
    logLevel: "silent",
    configFile: false,
    plugins: [dtracing()],
    server: { middlewareMode: true, ws: false, watch: null },
    appType: "custom",
  });
  const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
  try {
    const { json, registry, withDefault, dispatch } = await import("dtracing");
    const lines: string[] = [];
    const heard = dispatch(registry().with(json({ timer: false, writer: (line) => void lines.push(line) })));
    const modules = (): number =>
      (globalThis as never as Record<symbol, { modules: Map<string, unknown> }>)[Symbol.for("dtracing.v1")]!.modules
        .size;
    const say = async (): Promise<void> => {
      server.moduleGraph.invalidateAll();
      runner.clearCache();
      const module = (await runner.import("/src/hot.ts")) as { say(): void };
      withDefault(heard, () => module.say());
    };
    await say();
    const count = modules();
    await say();
    assert.is(modules(), count);
    write("src/hot.ts", source("second"));
    await say();
    assert.is(modules(), count + 1);
    assert.equal(
      lines.map((line) => (JSON.parse(line) as { fields: { message: string } }).fields.message),
      ["first", "first", "second"],
    );
  } finally {
    await runner.close();
    await server.close();
    close();
  }
});

test.run();
