// How the probe file grows: `node bench/usdt-scale.mjs [callsites…]`, by default 1000 and 10000.
// A bundle of modules with 20 callsites each: size, time to write, to load, and what a program's start costs more.
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import dtracing from "dtracing/esbuild";
import { writeProbeFile } from "../dist/runtime/usdt/probe-file.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000];
const perModule = 20;
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

function moduleText(number) {
  const events = Array.from(
    { length: perModule - 2 },
    (_, i) => `  trace.debug!({ a${i}, b: ${i} }, "event ${number} ${i}");`,
  );
  const values = Array.from({ length: perModule - 2 }, (_, i) => `a${i} = ${i}`);
  return `import { trace } from "dtracing";
export function f${number}(${values.join(", ")}) {
  using span = trace.infoSpan!("span ${number}", { a0 }).entered();
${events.join("\n")}
  trace.warn!("end of ${number}");
}
`;
}

async function measure(count) {
  const folder = mkdtempSync(join(tmpdir(), "dtracing-scale-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
    writeFileSync(join(folder, "package.json"), '{ "name": "scale", "type": "module" }');
    const modules = Array.from({ length: count / perModule }, (_, number) => number);
    for (const number of modules) writeFileSync(join(folder, `m${number}.ts`), moduleText(number));
    const imports = modules.map((number) => `import { f${number} } from "./m${number}.ts";`).join("\n");
    const end = `if (process.argv[2]) { ${modules.map((number) => `f${number}();`).join(" ")} }`;
    writeFileSync(join(folder, "main.ts"), `${imports}\n${end}\n`);
    const options = {
      entryPoints: [join(folder, "main.ts")],
      bundle: true,
      format: "esm",
      platform: "node",
      target: "es2022",
      logLevel: "error",
    };
    const footer = { js: "console.log(performance.now() - globalThis.begin);" };
    const banner = { js: "globalThis.begin = performance.now();" };
    const external = ["dtracing", "dtracing/*"];
    const bundle = (file, usdt) =>
      build({
        ...options,
        outfile: join(folder, file),
        banner,
        footer,
        external,
        plugins: [dtracing({ root: folder, usdt })],
      });
    await bundle("off.mjs", { off: true });
    await bundle("out.mjs", {});
    const probes = join(folder, `scale.probes.${process.arch}.node`);
    const catalogue = JSON.parse(readFileSync(join(folder, "scale.callsites.json"), "utf8"));
    const bytes = readFileSync(probes);
    const write = median(Array.from({ length: 5 }, () => time(() => writeProbeFile(catalogue, process.arch))));
    const load = median(
      Array.from({ length: 9 }, () =>
        Number(
          node(
            "-e",
            `const m = { exports: {} }; const t = performance.now(); process.dlopen(m, ${JSON.stringify(probes)}); JSON.parse(new TextDecoder().decode(m.exports.index)); console.log(performance.now() - t)`,
          ),
        ),
      ),
    );
    const runs = (file) => median(Array.from({ length: 15 }, () => Number(node(file))));
    const withProbes = runs(join(folder, "out.mjs"));
    renameSync(probes, `${probes}.away`);
    const missing = runs(join(folder, "out.mjs"));
    const off = runs(join(folder, "off.mjs"));
    console.log(`${count} callsites in ${modules.length} modules`);
    console.log(
      `  probe file ${(bytes.length / 1024).toFixed(1)} KB, gzip ${(gzipSync(bytes).length / 1024).toFixed(1)} KB; catalogue ${(statSync(join(folder, "scale.callsites.json")).size / 1024).toFixed(0)} KB`,
    );
    console.log(`  write ${write.toFixed(1)} ms, load ${load.toFixed(2)} ms`);
    console.log(
      `  registering all modules: ${withProbes.toFixed(1)} ms with the file, ${off.toFixed(1)} ms with usdt off (${(((withProbes - off) * 1000) / count).toFixed(2)} us more per callsite), ${missing.toFixed(1)} ms where the file is missing`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function node(...given) {
  return execFileSync(process.execPath, given, { encoding: "utf8" }).trim();
}

function time(f) {
  const begin = performance.now();
  f();
  return performance.now() - begin;
}

for (const count of counts) await measure(count);
