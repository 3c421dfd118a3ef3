/** What a program's start costs with each package, over a Node that does nothing. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { median } from "../measure.mjs";
import { writeSource } from "../workspace.mjs";

const programs = {
  "an empty module": "",
  dtracing: 'import { registry, text } from "dtracing"; registry().with(text()).init();',
  "dtracing, bundled": 'import { registry, text } from "dtracing"; registry().with(text()).init();',
  "dtracing/auto": 'import "dtracing/auto";',
  pino: 'import { pino } from "pino"; pino();',
  winston: 'import winston from "winston"; winston.createLogger({ transports: [new winston.transports.Console()] });',
  LogTape:
    'import { configure, getConsoleSink } from "@logtape/logtape"; await configure({ sinks: { console: getConsoleSink() }, loggers: [{ category: [], sinks: ["console"] }] });',
  bunyan: 'import bunyan from "bunyan"; bunyan.createLogger({ name: "app" });',
  roarr: 'import { Roarr } from "roarr"; Roarr.child({});',
  debug: 'import debug from "debug"; debug("app");',
  "OpenTelemetry API": 'import { trace } from "@opentelemetry/api"; trace.getTracer("app");',
  "OpenTelemetry SDK, tracing only":
    'import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base"; new BasicTracerProvider().getTracer("app");',
  Effect: 'import { Effect } from "effect"; Effect.runSync(Effect.void);',
};

export const tables = [
  {
    id: "import",
    title: "the time of a program that loads a package and sets it up",
    unit: "ms",
    value: "ms",
    reference: "an empty module",
    variants: Object.keys(programs),
  },
];

export function cells() {
  return Object.keys(programs).map((variant) => ({ table: "import", row: "", variant, rounds: 3 }));
}

export async function prepare(folder) {
  const { compile } = await import("../compile.mjs");
  for (const [variant, source] of Object.entries(programs)) {
    if (variant.endsWith("bundled")) await compile(folder, programOf(variant), source, "esbuild");
    else writeSource(folder, fileOf(variant), source);
  }
}

function programOf(variant) {
  return `import-${variant.replace(/[^a-z]+/gi, "-")}`;
}

function fileOf(variant) {
  return `${programOf(variant)}${variant.endsWith("bundled") ? ".esbuild" : ""}.mjs`;
}

export async function measure({ variant }, folder) {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [join(folder, fileOf(variant))], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr.slice(0, 500));
    return performance.now() - start;
  });
  return { ms: median(times) };
}
