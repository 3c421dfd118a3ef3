/** The goals, and how far the data is from them. */
import { valuesOf } from "./data.mjs";
import { amount } from "./report.mjs";
import { above, ratio, summary } from "./statistics.mjs";

const costly = (form) => `costly arguments, ${form}`;
const forms = ["ESM", "CommonJS", "esbuild", "Rolldown"];
const pinos = ["pino on sonic-boom 4.2.0", "pino as shipped"];
const payloads = ["no field", "nested object", "error", "unicode", "escaped", "a string of 360"];

/** A quotient of two cells of a row, above a third one where it is named. */
function quotient(group, table, row, over, under, { baseline, value = "ns" } = {}) {
  return (data, major) => {
    const read = (variant) => valuesOf(data, group, major, [table, row, variant].join(" | "), value);
    const [a, b] = [read(over), read(under)];
    const base = baseline && read(baseline);
    if (!a || !b || (baseline && !base)) return undefined;
    return base ? ratio(above(a, base), above(b, base)) : ratio(a, b);
  };
}

/** The value of a cell, above another one where it is named. */
function amountOf(group, table, row, variant, value = "ns", baseline) {
  return (data, major) => {
    const read = (one) => valuesOf(data, group, major, [table, row, one].join(" | "), value);
    const values = read(variant);
    const base = baseline && read(baseline);
    if (!values || (baseline && !base)) return undefined;
    return summary(base ? above(values, base) : values);
  };
}

const onLines = (table, row, goal) =>
  pinos.map((pino) => ({
    text: `${row}, ${pino}`,
    goal,
    isLeast: true,
    of: quotient("lines", table, row, pino, "dtracing"),
  }));

/** `{ title, goals: [{ text, goal, unit, isLeast, of }] }`: the quotients are without unit. */
const sections = [
  {
    title: "A disabled call with costly arguments, over a hand-written `if`",
    goals: [
      ...forms.map((form) => ({
        text: `a loop of 8 calls, ${form}`,
        goal: 1,
        of: quotient("disabled", "guard", costly(form), "dtracing", "if (flag)"),
      })),
      ...["ESM", "esbuild"].map((form) => ({
        text: `12 small functions, ${form}`,
        goal: 1,
        of: quotient("disabled", "function", form, "dtracing", "if (flag)"),
      })),
      ...forms.map((form) => ({
        text: `instructions more than an \`if\`, a single call, ${form}`,
        goal: 0,
        unit: "",
        of: amountOf(
          "machine-code",
          "instructions",
          `a single call, ${costly(form)}`,
          "dtracing",
          "instructions",
          "if (flag)",
        ),
      })),
      ...["ESM", "esbuild"].map((form) => ({
        text: `of 12 helpers in a loop, inlined, ${form}`,
        goal: 12,
        unit: "",
        isLeast: true,
        of: amountOf("machine-code", "inlined", form, "dtracing", "inlined"),
      })),
      ...["0 to 20 ms", "20 to 100 ms", "100 to 300 ms"].map((window) => ({
        text: `one of 1,200 callsites is enabled, ${window} later`,
        goal: 1.05,
        of: amountOf("storm", window, "", "dtracing", window),
      })),
      {
        text: "20 disabled events in a handler of 3 microseconds",
        goal: 0.5,
        unit: "%",
        of: amountOf("handler", "handler", "", "dtracing", "percent"),
      },
    ],
  },
  {
    title: "A JSON line: pino's time over ours",
    goals: [
      ...onLines("json", "3 fields, lean", 4),
      ...onLines("json", "3 fields, same", 8),
      ...onLines("json", "3 fields, same, as fields of each call", 8),
      ...onLines("json", "3 fields, child", 8),
      ...payloads.flatMap((payload) => onLines("json", `${payload}, lean`, 4)),
      ...payloads.flatMap((payload) => onLines("json", `${payload}, same`, 8)),
      ...onLines("single", "3 fields, lean", 4).map(named("each written at once: ")),
      ...onLines("single", "3 fields, same", 8).map(named("each written at once: ")),
      ...onLines("file", "3 fields, lean", 4).map(named("to a file: ")),
      ...onLines("file", "3 fields, same", 8).map(named("to a file: ")),
      ...["lean", "same", "child"].map((content) => ({
        text: `garbage per line, 3 fields, ${content}`,
        goal: 50,
        unit: "bytes",
        of: amountOf("lines", "garbage", `3 fields, ${content}`, "dtracing", "bytes"),
      })),
    ],
  },
  {
    title: "A span with 2 fields",
    goals: [
      span("sync", "compiled mode", "dtracing, compiled", 20, "ns"),
      overSpan(
        "sync",
        "OpenTelemetry's time over compiled mode's",
        "OpenTelemetry SDK, batch processor",
        "dtracing, compiled",
        50,
        true,
      ),
      overSpan(
        "sync",
        "default mode over a bare AsyncLocalStorage.run",
        "dtracing, default",
        "AsyncLocalStorage.run",
        1.2,
      ),
      overSpan(
        "sync",
        "OpenTelemetry's time over default mode's",
        "OpenTelemetry SDK, batch processor",
        "dtracing, default",
        5,
        true,
      ),
      overSpan(
        "async",
        "compiled mode over a bare AsyncLocalStorage.run",
        "dtracing, compiled",
        "AsyncLocalStorage.run",
        0.3,
      ),
      overSpan(
        "async",
        "default mode over a bare AsyncLocalStorage.run",
        "dtracing, default",
        "AsyncLocalStorage.run",
        1.2,
      ),
    ],
  },
  {
    title: "Filters",
    goals: [
      ...["enabled, to a JSON line", "enabled, to a layer that does nothing", "disabled"].map((row) => ({
        text: `200 directives over one, ${row}`,
        goal: 1.05,
        of: quotient("filters", "filters", row, "EnvFilter, 200 directives", "EnvFilter, 1 directive"),
      })),
      ...["a span's value", "an event's value"].map((kind) => ({
        text: `a directive with ${kind} over a static one, to a JSON line`,
        goal: 2,
        of: quotient("filters", "filters", "enabled, to a JSON line", `EnvFilter, ${kind}`, "EnvFilter, 1 directive"),
      })),
    ],
  },
  {
    title: "10,000 callsites",
    goals: [
      ...["nobody listens", "a subscriber is there", "with a probe file"].map((variant) => ({
        text: `start-up over the modules without calls, ${variant}`,
        goal: 20,
        unit: "ms",
        of: amountOf("callsites", "start-up", "10000", variant, "ms"),
      })),
      ...["1 directive", "20 directives", "200 directives"].map((size) => ({
        text: `reload, EnvFilter, ${size}`,
        goal: 10,
        unit: "ms",
        of: amountOf("callsites", "reload", "10000", `EnvFilter, ${size}`, "ms"),
      })),
      {
        text: "heap for each, beyond the strings",
        goal: 200,
        unit: "bytes",
        of: amountOf("callsites", "heap", "10000", "beyond the strings", "bytes"),
      },
      {
        text: "the same where a layer asks about each",
        goal: 200,
        unit: "bytes",
        of: amountOf("callsites", "heap", "10000", "each asked about, beyond the strings", "bytes"),
      },
    ],
  },
  {
    title: "Size, start, build, probes",
    goals: [
      {
        text: "gzipped, text output, for browsers",
        goal: 5120,
        unit: "bytes",
        of: amountOf("size", "size", "for browsers", "dtracing, text", "bytes"),
      },
      ...["dtracing", "dtracing, bundled"].map((variant) => ({
        text: `start of a program over an empty one, ${variant}`,
        goal: 1.1,
        of: quotient("import", "import", "", variant, "an empty module", { value: "ms" }),
      })),
      ...["tspc", "Vite", "esbuild"].map((host) => ({
        text: `a build over the same without us, ${host}, 200 files`,
        goal: 1.05,
        of: quotient("build", "build", `${host}, 200 files, half of them with calls`, "with dtracing", "without", {
          value: "ms",
        }),
      })),
      ...["no fields", "3 integers", "a string of 20", "2 integers, 2 strings"].map((kind) => ({
        text: `a hit over the kernel's part, ${kind}`,
        goal: 1.3,
        of: quotient("usdt", "attached", `${kind}, nop10`, "with bpftrace's count()", "the kernel's part"),
      })),
    ],
  },
];

function named(prefix) {
  return (goal) => ({ ...goal, text: prefix + goal.text });
}

function span(table, text, variant, goal, unit) {
  return {
    text: `${text}, ${table}`,
    goal,
    unit,
    of: amountOf("spans", table, "instrumented", variant, "ns", "no span"),
  };
}

function overSpan(table, text, over, under, goal, isLeast) {
  return {
    text: `${text}, ${table}`,
    goal,
    isLeast,
    of: quotient("spans", table, "instrumented", over, under, { baseline: "no span" }),
  };
}

/** `[{ title, goals: [{ text, wanted, results: { [major]: { value, verdict } } }] }]`, without what was not measured. */
export function findGoals(data) {
  return sections
    .map(({ title, goals }) => ({
      title,
      goals: goals
        .map((goal) => ({ text: goal.text, wanted: wantedOf(goal), results: resultsOf(goal, data) }))
        .filter(({ results }) => Object.keys(results).length > 0),
    }))
    .filter(({ goals }) => goals.length > 0);
}

function wantedOf({ goal, unit = "x", isLeast }) {
  return `${isLeast ? "≥" : "≤"} ${goal}${unit === "x" || unit === "%" ? unit : unit && ` ${unit}`}`;
}

function resultsOf({ goal, unit = "x", isLeast, of }, data) {
  const results = {};
  for (const major of Object.keys(data.nodes)) {
    const found = of(data, major);
    if (found === undefined) continue;
    const { median, min, max, low, high } = found;
    const isMet = isLeast ? median >= goal : median <= goal;
    const isClose = low < goal && high > goal;
    const by = goal === 0 ? amount(median) : isLeast ? `${amount(goal / median)}x` : `${amount(median / goal)}x`;
    const shown = unit === "x" || unit === "%" ? unit : unit && ` ${unit}`;
    results[major] = {
      value: `${amount(median)}${shown}`,
      range: `${amount(min)} to ${amount(max)}`,
      isMet,
      verdict: isClose
        ? isMet
          ? "met, within the noise"
          : "missed, within the noise"
        : isMet
          ? "met"
          : `missed by ${by}`,
    };
  }
  return results;
}
