/** What a filter costs an event, by its size and kind. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { envFilter, json, levelFilter, registry } from "../../dist/runtime/index.js";
import { buffered, file } from "../../dist/runtime/output/writers/index.js";
import { timeCalls } from "../measure.mjs";

const many = (count) =>
  [
    "info",
    ...Array.from({ length: count - 1 }, (_, at) => `other::module${at}=${at % 2 === 0 ? "debug" : "warn"}`),
  ].join(",");

const filters = {
  "levelFilter info": () => levelFilter("info"),
  "EnvFilter, 1 directive": () => envFilter("info"),
  "EnvFilter, 20 directives": () => envFilter(many(20)),
  "EnvFilter, 200 directives": () => envFilter(many(200)),
  "EnvFilter, a span's value": () => envFilter("info,[request{id=7}]=debug"),
  "EnvFilter, an event's value": () => envFilter("info,[{i=7}]=debug"),
};
const common = { reference: "EnvFilter, 1 directive", variants: Object.keys(filters) };

export const tables = [{ ...common, id: "filters", title: "an event behind a filter, inside of a span" }];

const rows = ["enabled, to a JSON line", "enabled, to a layer that does nothing", "disabled"];

export function cells() {
  return rows.flatMap((row) => Object.keys(filters).map((variant) => ({ table: "filters", row, variant })));
}

export async function prepare(folder) {
  const { compile } = await import("../compile.mjs");
  const loop = (level) => `export function ${level}(count: number) {
  trace.infoSpan!("request", { id: 8 }).inScope(() => { for (let i = 0; i < count; i++) trace.${level}!({ i }, "seen"); });
}`;
  await compile(folder, "filters", `import { trace } from "dtracing";\n${loop("info")}\n${loop("debug")}\n`, "ESM");
}

export async function measure({ row, variant }, folder) {
  const layer = row.includes("JSON") ? json({ writer: buffered(file("/dev/null")) }) : { onEvent() {} };
  registry().with(layer).with(filters[variant]()).init();
  const program = await import(pathToFileURL(join(folder, "filters.mjs")).href);
  return timeCalls(row === "disabled" ? program.debug : program.info);
}
