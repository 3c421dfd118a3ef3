/** Programs with many callsites: modules of 20 each, as one bundle, and the same without the calls. */
import { join } from "node:path";
import { build } from "esbuild";
import plugin from "../dist/transformer/host/esbuild.js";
import { writeSource } from "./workspace.mjs";

const perModule = 20;

/** Writes `with.mjs` (the calls), `without.mjs` (none), and where wanted the probe file, into the folder. */
export async function buildModules(folder, count, usdt = { off: true }) {
  await bundle(folder, "with", count, moduleText, usdt);
  await bundle(folder, "without", count, (number) => moduleText(number).replace(/^.*trace.*\n/gm, ""), { off: true });
}

async function bundle(folder, name, count, textOf, usdt) {
  const numbers = Array.from({ length: count / Math.min(count, perModule) }, (_, number) => number);
  for (const number of numbers)
    writeSource(folder, `${name}/m${number}.ts`, textOf(number, Math.min(count, perModule)));
  const lines = numbers.map((number) => `export { f${number} } from "./m${number}.ts";`);
  await build({
    entryPoints: [writeSource(folder, `${name}/main.ts`, `${lines.join("\n")}\n`)],
    outfile: join(folder, `${name}.mjs`),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    logLevel: "error",
    external: ["dtracing", "dtracing/*"],
    plugins: [plugin({ root: folder, usdt })],
  });
}

function moduleText(number, count = perModule) {
  const events = Array.from(
    { length: count - 2 },
    (_, at) => `  trace.debug!({ a${at}, b: ${at} }, "event ${number} ${at}");`,
  );
  const values = Array.from({ length: count - 2 }, (_, at) => `a${at} = ${at}`);
  return `import { trace } from "dtracing";
export function f${number}(${values.join(", ")}) {
  using span = trace.infoSpan!("span ${number}", { a0 }).entered();
${events.join("\n")}
  trace.warn!("end of ${number}");
  return a0;
}
`;
}
