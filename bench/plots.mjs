/** Which plots there are of the cost model, from the data of a run. */
import { valuesOf } from "./data.mjs";
import { plot } from "./plot.mjs";
import { summary } from "./statistics.mjs";

/** `{ [file]: svg }` of what was measured. */
export function plotsOf(data) {
  const majors = Object.keys(data.nodes);
  const major = majors.includes("24") ? "24" : majors[0];
  const node = `Node ${data.nodes[major].slice(1)}`;
  /** Medians by the number that the row names; `of` makes more of them. */
  const line = (group, table, variant, value, name = variant, of = (median) => median) => {
    const points = Object.keys(data.groups[group]?.[major] ?? {})
      .map((key) => key.split(" | "))
      .filter(([id, , one]) => id === table && one === variant)
      .map(([, row]) => [
        Number(row),
        summary(valuesOf(data, group, major, [table, row, variant].join(" | "), value) ?? [])?.median,
      ])
      .filter(([, median]) => median !== undefined)
      .map(([row, median]) => [row, of(median, row)]);
    return { name, points };
  };
  const each = (bytes, count) => bytes * count;
  const plots = {
    "performance-time.svg": {
      title: `Callsites: start-up and another filter (${node})`,
      x: "callsites",
      y: "milliseconds",
      isLog: true,
      lines: [
        line("callsites", "start-up", "nobody listens", "ms", "start-up"),
        line("callsites", "start-up", "with a probe file", "ms", "start-up with a probe file"),
        line("callsites", "reload", "EnvFilter, 1 directive", "ms", "reload, 1 directive"),
        line("callsites", "reload", "EnvFilter, 200 directives", "ms", "reload, 200 directives"),
      ],
    },
    "performance-memory.svg": {
      title: `Callsites: heap and probe file (${node})`,
      x: "callsites",
      y: "bytes",
      isLog: true,
      lines: [
        line("callsites", "heap", "in all", "bytes", "heap", each),
        line("callsites", "heap", "beyond the strings", "bytes", "heap beyond the strings", each),
        line("callsites", "probe-file", "bytes", "bytes", "probe file", each),
        line("callsites", "probe-file", "gzipped", "bytes", "probe file, gzipped", each),
      ],
    },
    "performance-layers.svg": {
      title: `An event with 3 fields, by the number of layers (${node})`,
      x: "layers",
      y: "nanoseconds",
      lines: ["JSON", "layers that do nothing"].map((variant) => line("growth", "layers", variant)),
    },
    "performance-depth.svg": {
      title: `An event with 3 fields, by the depth of spans (${node})`,
      x: "open spans around it",
      y: "nanoseconds",
      lines: ["JSON, all spans", "JSON, innermost span", "a layer that does nothing"].map((variant) =>
        line("growth", "depth", variant),
      ),
    },
    "performance-fields.svg": {
      title: `An event, by the number of its fields (${node})`,
      x: "fields",
      y: "nanoseconds",
      lines: ["JSON", "a layer that does nothing"].map((variant) => line("growth", "fields", variant)),
    },
  };
  return Object.fromEntries(
    Object.entries(plots)
      .filter(([, { lines }]) => lines.some(({ points }) => points.length > 1))
      .map(([file, description]) => [file, plot(description)]),
  );
}
