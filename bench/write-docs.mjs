/** Writes the data's part of docs/performance.md, between its marks, and the plots beside it. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "./data.mjs";
import { plotsOf } from "./plots.mjs";
import { amount, signed, times } from "./report.mjs";
import { isUnresolved } from "./statistics.mjs";
import { root } from "./workspace.mjs";

/** `<!-- bench: lines/json -->` … `<!-- end -->`: a table of a group, or one of the parts below. */
const mark = /<!-- bench: (\S+) -->[\s\S]*?<!-- end -->/g;

export async function writeDocs(data, goals) {
  const tables = {};
  for (const name of Object.keys(data.groups)) tables[name] = (await import(`./groups/${name}.mjs`)).tables;
  const parts = {
    surroundings: () => surroundings(data),
    goals: () => goals.map(goalTable).join("\n\n"),
    versions: () => versions(data),
  };
  const path = join(root, "docs/performance.md");
  const page = readFileSync(path, "utf8").replace(mark, (whole, name) => {
    const [group, id] = name.split("/");
    const table = tables[group]?.find((one) => one.id.replaceAll(" ", "-") === id);
    const text = parts[name]?.() ?? (table && tableOf(data, group, table));
    return text ? `<!-- bench: ${name} -->\n\n${text}\n\n<!-- end -->` : whole;
  });
  writeFileSync(path, page);
  spawnSync("npx", ["oxfmt", path], { cwd: root });
  for (const [file, svg] of Object.entries(plotsOf(data))) writeFileSync(join(root, "docs", file), svg);
}

function surroundings({ date, machine, rounds, nodes, commit }) {
  const list = Object.values(nodes).map((version) => version.slice(1));
  return `${date.replace("T", " ")} UTC; ${machine}; Node ${list.join(", ")}; ${rounds} rounds; commit ${commit}.`;
}

function versions({ versions }) {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

function goalTable({ title, goals }) {
  const majors = [...new Set(goals.flatMap(({ results }) => Object.keys(results)))].toSorted((a, b) => a - b);
  const head = [`| ${title} | goal |`, ...majors.map((major) => ` Node ${major} |`)].join("");
  const lines = goals.map(({ text, wanted, results }) => {
    const cells = majors.map((major) => {
      const result = results[major];
      return result ? `${result.value}, ${result.isMet ? result.verdict : `**${result.verdict}**`}` : "";
    });
    return `| ${[text, wanted, ...cells].join(" | ")} |`;
  });
  return [head, `|${" --- |".repeat(majors.length + 2)}`, ...lines].join("\n");
}

/** Ratios first, then the value with least and greatest. */
function tableOf(data, group, table) {
  const { unit = "ns" } = table;
  const majors = Object.keys(data.nodes).filter((major) => rowsOf(data, group, table, major).length > 0);
  const byRow = new Map();
  for (const major of majors) {
    for (const { row, entries } of rowsOf(data, group, table, major)) {
      for (const entry of entries) {
        const key = JSON.stringify([row, entry.variant]);
        byRow.set(key, { ...byRow.get(key), [major]: entry });
      }
    }
  }
  const hasRows = [...byRow.keys()].some((key) => JSON.parse(key)[0] !== "");
  const head = `| ${hasRows ? "| " : ""}| ${majors.map((major) => `Node ${major}`).join(" | ")} |`;
  let before;
  const lines = [...byRow].map(([key, entries]) => {
    const [row, variant] = JSON.parse(key);
    const cells = majors.map((major) => (entries[major]?.value ? cellOf(entries[major], table) : ""));
    const first = hasRows ? [row === before ? "" : row] : [];
    before = row;
    return `| ${[...first, variant, ...cells].join(" | ")} |`;
  });
  return [
    `${capital(table.title)}, in ${unit}.${table.note ? ` ${capital(table.note)}.` : ""}`,
    "",
    head,
    `|${" --- |".repeat(majors.length + (hasRows ? 2 : 1))}`,
    ...lines,
  ].join("\n");
}

function cellOf({ variant, value, net, ratio }, { baseline, reference }) {
  const shown = baseline === undefined || net === undefined ? value : net;
  const median = shown === net && baseline !== undefined ? signed(net.median) : amount(shown.median);
  const numbers = `${median} (${amount(shown.min)} to ${amount(shown.max)})`;
  if (ratio === undefined || variant === reference) return numbers;
  return `**${times(ratio.median)}**${isUnresolved(ratio) ? " unresolved" : ""} · ${numbers}`;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
