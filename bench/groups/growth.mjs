/** How an event grows: with layers, with the depth of spans, with fields. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { json, registry } from "../../dist/runtime/index.js";
import { buffered, file } from "../../dist/runtime/output/writers/index.js";
import { timeCalls } from "../measure.mjs";
import { plotted } from "../options.mjs";

const layers = [1, 2, 4, 8];
const depths = [0, 1, 2, 5, 10, 20];
const fields = [0, 1, 2, 4, 8, 16, 32];

export const tables = [
  {
    id: "layers",
    title: "an event with 3 fields, by the number of layers",
    variants: ["layers that do nothing", "JSON"],
  },
  {
    id: "depth",
    title: "an event with 3 fields, by the number of spans it is in",
    variants: ["a layer that does nothing", "JSON, innermost span", "JSON, all spans"],
  },
  { id: "fields", title: "an event, by the number of its fields", variants: ["a layer that does nothing", "JSON"] },
];

export function cells({ nodes }) {
  const more = { rounds: 3, nodes: plotted(nodes) };
  const of = (table, rows, variants) =>
    rows.flatMap((row) => variants.map((variant) => ({ table, row: String(row), variant, ...more })));
  return [
    ...of("layers", layers, tables[0].variants),
    ...of("depth", depths, tables[1].variants),
    ...of("fields", fields, tables[2].variants),
  ];
}

export async function prepare(folder) {
  const { compile } = await import("../compile.mjs");
  const functions = fields.map((count) => {
    const given = Array.from({ length: count }, (_, at) => `f${at}: i + ${at}`).join(", ");
    return `export function fields${count}(count: number) { for (let i = 0; i < count; i++) trace.info!({ ${given} }, "seen"); }`;
  });
  const source = `import { trace } from "dtracing";
${functions.join("\n")}
const paths = ["/orders/1", "/orders/2"];
export function three(count: number) { for (let i = 0; i < count; i++) trace.info!({ id: i, path: paths[i & 1], ms: 12 }, "seen"); }
export function deep(depth: number, count: number): void {
  if (depth === 0) return three(count);
  trace.infoSpan!("step", { depth }).inScope(() => deep(depth - 1, count));
}
`;
  await compile(folder, "growth", source, "ESM");
}

export async function measure({ table, row, variant }, folder) {
  const program = await import(pathToFileURL(join(folder, "growth.mjs")).href);
  const size = Number(row);
  let subscriber = registry();
  for (let i = 0; i < (table === "layers" ? size : 1); i++) subscriber = subscriber.with(layerOf(variant));
  subscriber.init();
  if (table === "layers") return timeCalls(program.three);
  if (table === "depth") return timeCalls((count) => program.deep(size, count));
  return timeCalls(program[`fields${size}`]);
}

function layerOf(variant) {
  if (!variant.startsWith("JSON")) return { onEvent() {} };
  return json({ writer: buffered(file("/dev/null")), spanList: variant !== "JSON, innermost span" });
}
