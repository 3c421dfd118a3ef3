/** Prints a run: ratios first. */
import { rowsOf } from "./data.mjs";
import { isUnresolved } from "./statistics.mjs";

export function printHead({ date, machine, rounds, nodes, peers, versions }) {
  console.log(`${date} UTC · ${machine} · Node ${Object.values(nodes).join(", ")} · ${rounds} rounds`);
  console.log(`${peers.map((name) => `${name} ${versions[name]}`).join(", ")}\n`);
}

export function printGroup(name, tables, data) {
  for (const table of tables) {
    for (const [major, version] of Object.entries(data.nodes)) {
      const rows = rowsOf(data, name, table, major);
      if (rows.length > 0) printTable(table, rows, `${name}: ${table.title} (Node ${version})`);
    }
  }
}

function printTable(table, rows, title) {
  console.log(title);
  if (table.note) console.log(`  ${table.note}`);
  for (const { row, entries } of rows) {
    if (row !== "") console.log(`  ${row}`);
    const width = Math.max(...entries.map(({ variant }) => variant.length));
    for (const entry of entries) console.log(`    ${entry.variant.padEnd(width)}  ${columns(entry, table)}`);
  }
  console.log("");
}

function columns({ variant, value, net, ratio }, { unit = "ns", baseline, reference }) {
  if (value === undefined) return "nothing measured";
  const share =
    ratio === undefined
      ? ""
      : variant === reference
        ? "1x"
        : `${times(ratio.median)} [${times(ratio.min)} ${times(ratio.max)}]${isUnresolved(ratio) ? " unresolved" : ""}`;
  const more =
    baseline === undefined || net === undefined
      ? ""
      : `${signed(net.median)} [${amount(net.min)} ${amount(net.max)}] of `;
  return `${share.padEnd(34)} ${more}${amount(value.median)} [${amount(value.min)} ${amount(value.max)}] ${unit}`;
}

/** An amount above a baseline, which may be below it. */
export function signed(value) {
  return `${value < 0 ? "" : "+"}${amount(value)}`;
}

/** A ratio with three digits that count. */
export function times(value) {
  return `${amount(value)}x`;
}

export function amount(value) {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.095 ? 2 : 3;
  return value.toFixed(digits);
}

export function printGoals(sections) {
  for (const { title, goals } of sections) {
    console.log(title.replaceAll("`", ""));
    for (const { text, wanted, results } of goals) {
      console.log(`  ${text}: ${wanted}`);
      for (const [major, { value, range, verdict }] of Object.entries(results)) {
        console.log(`    Node ${major}  ${value.padEnd(12)} [${range}]  ${verdict}`);
      }
    }
    console.log("");
  }
}
