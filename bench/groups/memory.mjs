/** What a live span holds on to. Heap per callsite is in the group `callsites`. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const count = 20_000;
const none = () => {};

const makers = {
  async dtracing(folder) {
    const { registry } = await import("../../dist/runtime/index.js");
    registry().with({ onNewSpan: none, onClose: none }).init();
    return (await import(pathToFileURL(join(folder, "memory.mjs")).href)).make;
  },
  async "dtracing with timing"(folder) {
    const { registry, timing } = await import("../../dist/runtime/index.js");
    registry().with(timing()).init();
    return (await import(pathToFileURL(join(folder, "memory.mjs")).href)).make;
  },
  async "OpenTelemetry SDK"() {
    const { BasicTracerProvider } = await import("@opentelemetry/sdk-trace-base");
    const idle = { onStart: none, onEnd: none, shutdown: async () => {}, forceFlush: async () => {} };
    const tracer = new BasicTracerProvider({ spanProcessors: [idle] }).getTracer("bench");
    return (i) => tracer.startSpan("work", { attributes: { a: i, b: "two" } });
  },
  async "an object with the fields"() {
    return (i) => ({ name: "work", a: i, b: "two" });
  },
};

export const tables = [
  {
    id: "span",
    title: "heap of a live span with 2 fields",
    unit: "bytes",
    value: "bytes",
    reference: "dtracing",
    variants: Object.keys(makers),
  },
];

export function cells() {
  return Object.keys(makers).map((variant) => ({ table: "span", row: "", variant, flags: ["--expose-gc"], rounds: 2 }));
}

export async function prepare(folder) {
  const { compile } = await import("../compile.mjs");
  const source = `import { trace } from "dtracing";\nexport function make(a: number) { return trace.infoSpan!("work", { a, b: "two" }); }\n`;
  await compile(folder, "memory", source, "ESM");
}

export async function measure({ variant }, folder) {
  const make = await makers[variant](folder);
  const warm = Array.from({ length: 2_000 }, (_, i) => make(i));
  for (const span of warm) (span.close ?? span.end ?? none).call(span);
  const kept = Array(count).fill(undefined);
  const before = settled();
  for (let i = 0; i < count; i++) kept[i] = make(i);
  const bytes = (settled() - before) / count;
  return { bytes, kept: kept.length };
}

function settled() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
