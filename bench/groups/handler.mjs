/** What 20 disabled events add to a request handler of 3 microseconds. Both handlers take turns in one process. */
import { pathToFileURL } from "node:url";
import { outputOf } from "../forms.mjs";
import { median, spent } from "../measure.mjs";
import { disabledPeers } from "../peers/disabled.mjs";

const variants = {
  nothing: { head: "", statement: () => "" },
  dtracing: { head: 'import { trace } from "dtracing";', statement: (fields) => `trace.debug!(${fields}, "seen");` },
  "if (flag)": {
    head: "let flag = false;\nexport function set(on: boolean) { flag = on; }\nfunction log(fields: object, message: string) { console.log(fields, message); }",
    statement: (fields) => `if (flag) log(${fields}, "seen");`,
  },
  ...disabledPeers,
};
const shown = [
  "dtracing",
  "if (flag)",
  "pino",
  "debug",
  "LogTape",
  "OpenTelemetry, no SDK: addEvent",
  "winston",
  "nothing",
];

export const tables = [
  {
    id: "handler",
    title: "20 disabled events in a handler of 3 microseconds: what they add",
    note: "`nothing` is a second copy of the handler without events: the noise",
    unit: "%",
    value: "percent",
    variants: shown,
  },
];

export function cells() {
  return shown.map((variant) => ({ table: "handler", row: "", variant }));
}

export async function prepare(folder, planned) {
  const { compile } = await import("../compile.mjs");
  await compile(folder, "handler-plain", sourceOf(variants.nothing), "ESM");
  for (const { variant } of planned) await compile(folder, programOf(variant), sourceOf(variants[variant]), "ESM");
}

function programOf(variant) {
  return `handler-${variant.replace(/[^a-z]+/gi, "-")}`;
}

function sourceOf({ head, statement }) {
  const events = (fields) => Array.from({ length: 5 }, () => statement(fields)).join("\n  ");
  return `${head.replace("export function set(on: boolean) {}", "")}
export function handle(body: string, n: number) {
  const request = JSON.parse(body);
  ${events("{ id: request.id, n }")}
  const parts = request.path.split("/");
  ${events("{ path: request.path, depth: parts.length }")}
  let total = 0;
  for (const item of request.items) total += item.price * item.count;
  ${events("{ total, items: request.items.length }")}
  const reply = JSON.stringify({ id: request.id + n, total, path: parts.join(".") });
  ${events("{ reply: `${reply.length} bytes`, total }")}
  return reply.length;
}
`;
}

export async function measure({ variant }, folder) {
  const load = async (name) => (await import(pathToFileURL(outputOf(folder, name, "ESM")).href)).handle;
  const names = ["handler-plain", programOf(variant)];
  const isSwapped = Math.random() < 0.5;
  const loaded = [];
  for (const name of isSwapped ? names.toReversed() : names) loaded.push(await load(name));
  const [plain, tested] = isSwapped ? loaded.toReversed() : loaded;
  const items = [1, 2, 3].map((k) => ({ price: k * 1.5, count: k }));
  const body = JSON.stringify({ id: 7, path: "/orders/1234/items", items });
  let sink = 0;
  const time = (handle, count) => {
    const start = spent();
    for (let i = 0; i < count; i++) sink += handle(body, i);
    return (spent() - start) / count;
  };
  for (const handle of [plain, tested, plain, tested]) time(handle, 20_000);
  const pairs = Array.from({ length: 60 }, (_, turn) => {
    const [first, second] = turn % 2 === 0 ? [plain, tested] : [tested, plain];
    const one = time(first, 1_500);
    const other = time(second, 1_500);
    return turn % 2 === 0 ? [one, other] : [other, one];
  });
  const percent = (median(pairs.map(([before, after]) => after / before)) - 1) * 100;
  return { percent, ns: median(pairs.map(([before]) => before)), sink: sink & 1 };
}
