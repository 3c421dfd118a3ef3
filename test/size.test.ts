/** What a program ships: the bundled, minified, gzipped runtime, and nothing when everything is stripped. */
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import dtracing from "dtracing/esbuild";
import { project } from "./helpers/build.ts";

/** Gzipped bytes. The goal is what we want; the limit keeps what we have. */
const goal = 5 * 1024;
const limit = 11_500;
const eventsOnlyLimit = 9_600;
const nodeLimit = 15_400;

const program = `
import { registry, text, trace } from "dtracing";
registry().with(text()).init();
export function work(name) {
  using _span = trace.infoSpan!("work", { name }).entered();
  trace.info!({ name }, "working");
}
`;
/** The same without spans. */
const eventsOnly = program.replace(/^ *using.*\n/m, "");
const library = program.replace(/^registry.*$/m, "").replace("registry, text, ", "");

async function bundle(source: string, maxLevel: string, platform: esbuild.Platform = "neutral"): Promise<string> {
  const { folder, write, close } = project();
  try {
    write("src/main.ts", source);
    const { outputFiles } = await esbuild.build({
      entryPoints: [`${folder}/src/main.ts`],
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform,
      target: "es2022",
      plugins: [dtracing({ root: folder, maxLevel })],
    });
    return outputFiles[0]?.text ?? "";
  } finally {
    close();
  }
}

function report(what: string, code: string): number {
  const bytes = gzipSync(code, { level: 9 }).length;
  console.log(`note: ${what}: ${code.length} bytes minified, ${bytes} bytes gzipped`);
  return bytes;
}

test("events, spans, the registry and the text output", async () => {
  const code = await bundle(program, "trace");
  const bytes = report("events, spans, registry and text output", code);
  console.log(`note: the goal of ${goal} bytes is ${bytes <= goal ? "met" : `missed by ${bytes - goal}`}`);
  assert.ok(bytes <= limit, `${bytes} bytes are more than ${limit}`);
});

test("a program without spans ships nothing of them", async () => {
  const code = await bundle(eventsOnly, "trace");
  const bytes = report("events, registry and text output", code);
  assert.not.match(code, /has no field/);
  assert.ok(bytes <= eventsOnlyLimit, `${bytes} bytes are more than ${eventsOnlyLimit}`);
});

test("a program for Node ships nothing that writes probe files", async () => {
  const code = await bundle(program, "trace", "node");
  const bytes = report("the same for Node", code);
  assert.not.match(code, /can be written by others/);
  assert.ok(bytes <= nodeLimit, `${bytes} bytes are more than ${nodeLimit}`);
});

test("nothing when all is stripped", async () => {
  const code = await bundle(library, "off");
  report("all stripped", code.replace(/export\{.*?\};\s*$/, ""));
  const bare = await esbuild.transform("export function work(name) {}", { minify: true, format: "esm" });
  assert.is(code.replace(/\b[a-z]\b/g, "_"), bare.code.replace(/\b[a-z]\b/g, "_"));
});

test.run();
