/** What a program ships for one event and one span: bundled by esbuild for Node, minified, gzipped. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { plotted } from "../options.mjs";
import { writeSource } from "../workspace.mjs";

const ours = (output) => `import { registry, ${output}, trace } from "dtracing";
registry().with(${output}()).init();
export function work(name: string) {
  using _span = trace.infoSpan!("work", { name }).entered();
  trace.info!({ name }, "working");
}`;

const programs = {
  "dtracing, text": ours("text"),
  "dtracing, JSON": ours("json"),
  "dtracing, events and spans, no output": ours("text")
    .replace(/^registry.*$/m, "")
    .replace("registry, text, ", ""),
  "dtracing, stripped": ours("text")
    .replace(/^registry.*$/m, "")
    .replace("registry, text, ", ""),
  "no logger": "export function work(name: string) {}",
  pino: 'import { pino } from "pino"; const log = pino(); export function work(name: string) { log.info({ name }, "working"); }',
  winston:
    'import winston from "winston"; const log = winston.createLogger({ transports: [new winston.transports.Console()] }); export function work(name: string) { log.info("working", { name }); }',
  LogTape:
    'import { configure, getConsoleSink, getLogger } from "@logtape/logtape"; await configure({ sinks: { console: getConsoleSink() }, loggers: [{ category: [], sinks: ["console"] }] }); const log = getLogger("app"); export function work(name: string) { log.info("working", { name }); }',
  roarr: 'import { Roarr as log } from "roarr"; export function work(name: string) { log.info({ name }, "working"); }',
  debug:
    'import debug from "debug"; const log = debug("app"); export function work(name: string) { log("working %s", name); }',
  "OpenTelemetry API":
    'import { trace } from "@opentelemetry/api"; const tracer = trace.getTracer("app"); export function work(name: string) { tracer.startActiveSpan("work", { attributes: { name } }, (span) => span.end()); }',
  "OpenTelemetry SDK, tracing only":
    'import { BasicTracerProvider, BatchSpanProcessor, ConsoleSpanExporter } from "@opentelemetry/sdk-trace-base"; const tracer = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(new ConsoleSpanExporter())] }).getTracer("app"); export function work(name: string) { tracer.startActiveSpan("work", { attributes: { name } }, (span) => span.end()); }',
};

export const tables = [
  {
    id: "size",
    title: "gzipped bytes of a program with one event and one span",
    unit: "bytes",
    value: "bytes",
    reference: "dtracing, text",
    variants: Object.keys(programs),
  },
];

export function cells({ nodes }) {
  return Object.keys(programs).flatMap((variant) =>
    ["for Node", "for browsers"].map((row) => ({ table: "size", row, variant, rounds: 1, nodes: plotted(nodes) })),
  );
}

export function prepare(folder) {
  for (const [variant, source] of Object.entries(programs)) writeSource(folder, fileOf(variant), source);
}

function fileOf(variant) {
  return `size/${variant.replace(/[^a-z]+/gi, "-")}.ts`;
}

export async function measure({ row, variant }, folder) {
  const { build } = await import("esbuild");
  const { default: plugin } = await import("../../dist/transformer/host/esbuild.js");
  const { outputFiles } = await build({
    entryPoints: [join(folder, fileOf(variant))],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: row === "for Node" ? "node" : "browser",
    target: "es2022",
    logLevel: "silent",
    plugins: [plugin({ root: folder, usdt: { off: true }, maxLevel: variant.includes("stripped") ? "off" : "trace" })],
  });
  return { bytes: gzipSync(outputFiles[0].text, { level: 9 }).length };
}
