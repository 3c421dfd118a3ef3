/** The bench's data, as runs write it and reports read it. */
import { readFileSync, writeFileSync } from "node:fs";
import { above, ratio, summary } from "./statistics.mjs";

export function load(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Writes it, numbers with five digits that count. */
export function save(path, data) {
  const shorter = (_, value) => (typeof value === "number" ? Number(value.toPrecision(5)) : value);
  writeFileSync(path, `${JSON.stringify(data, shorter)}\n`);
}

/** Several runs as one: of a cell that two of them have on the same Node, the last one counts. */
export function merge(runs) {
  const groups = {};
  for (const run of runs) {
    for (const [name, nodes] of Object.entries(run.groups)) {
      groups[name] ??= {};
      for (const [major, cells] of Object.entries(nodes)) groups[name][major] = { ...groups[name][major], ...cells };
    }
  }
  const nodes = Object.assign({}, ...runs.map((run) => run.nodes));
  return { ...runs[0], rounds: Math.max(...runs.map(({ rounds }) => rounds)), nodes, groups };
}

/** The numbers of one cell, by round: what the table's value is. `undefined` where it did not run. */
export function valuesOf(data, group, major, key, value = "ns") {
  return data.groups[group]?.[major]?.[key]?.map((numbers) => numbers?.[value] ?? NaN);
}

/**
 * The rows of a table on one Node: `{ row, entries: [{ variant, value, ratio }] }`. Ratios are to the row's
 * reference, in the same round, both above the row's baseline where the table has one and is not `whole`.
 */
export function rowsOf(data, group, table, major) {
  const cells = Object.entries(data.groups[group]?.[major] ?? {})
    .filter(([, rounds]) => rounds.some((numbers) => numbers))
    .map(([key]) => key.split(" | "))
    .filter(([id]) => id === table.id);
  const order = (list, wanted = []) => [...new Set(list)].toSorted((a, b) => position(wanted, a) - position(wanted, b));
  const rows = order(
    cells.map(([, row]) => row),
    table.rows,
  );
  return rows.map((row) => {
    const variants = order(
      cells.filter(([, one]) => one === row).map(([, , variant]) => variant),
      table.variants,
    );
    const read = (variant) => valuesOf(data, group, major, [table.id, row, variant].join(" | "), table.value);
    const baseline = table.baseline === undefined ? undefined : read(table.baseline);
    const net = (values) => (values && baseline ? above(values, baseline) : values);
    const reference = table.whole ? read(table.reference) : net(read(table.reference));
    const entries = variants.map((variant) => {
      const values = read(variant);
      const isBaseline = variant === table.baseline;
      return {
        variant,
        value: summary(values),
        net: isBaseline ? undefined : summary(net(values)),
        ratio: isBaseline || reference === undefined ? undefined : ratio(table.whole ? values : net(values), reference),
      };
    });
    return { row, entries };
  });
}

function position(wanted, name) {
  const at = wanted.indexOf(name);
  return at < 0 ? wanted.length : at;
}
