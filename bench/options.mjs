/** What the command line of the bench says. */
import { parseArgs } from "node:util";

/** The names of all groups, in the order of the report. A group is `groups/<name>.mjs`. */
export const groupNames = [
  "disabled",
  "lines",
  "spans",
  "filters",
  "handler",
  "storm",
  "machine-code",
  "callsites",
  "growth",
  "import",
  "size",
  "memory",
  "build",
  "usdt",
];

export const usage = `npm run bench [group …] [-- options]
groups: ${groupNames.join(", ")}; without one, all of them
  --nodes            on Node 20, 22, 24 and 26, not only on the installed one; --nodes=20,26 for some of them
  --quick            two rounds instead of five
  --rounds n         that many
  --only text        only the cells whose table, row or variant contains the text
  --profile          measures nothing: where the time of each chosen cell goes
  --json file        writes the data there
  --from file        no run: takes the data of earlier runs, several files are separated by commas
  --write-docs       writes docs/performance.md and its plots from the data`;

/** The Node of what is measured on one only, because it is plotted or hardly depends on it: 24 where it is wanted. */
export function plotted(nodes) {
  return nodes && [nodes.find((major) => major === "24") ?? nodes[0]];
}

/** Throws with the usage in the message. */
export function parseOptions(args) {
  // Node's parser has no options whose value may be left out
  const given = args.map((arg) => (arg === "--nodes" ? "--nodes=20,22,24,26" : arg));
  const { values, positionals } = parseArgs({
    args: given,
    allowPositionals: true,
    options: {
      nodes: { type: "string" },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string", default: "" },
      profile: { type: "boolean", default: false },
      json: { type: "string" },
      from: { type: "string" },
      "write-docs": { type: "boolean", default: false },
    },
  });
  const unknown = positionals.find((name) => !groupNames.includes(name));
  if (unknown !== undefined) throw new Error(`no group is called "${unknown}"\n\n${usage}`);
  return {
    groups: positionals.length > 0 ? positionals : groupNames,
    nodes: values.nodes?.split(","),
    rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
    quick: values.quick,
    only: values.only,
    profile: values.profile,
    json: values.json,
    from: values.from?.split(","),
    writeDocs: values["write-docs"],
  };
}
