/** The bench: `npm run bench -- [group …] [options]`; see options.mjs. */
import { findGoals } from "./goals.mjs";
import { load, merge, save } from "./data.mjs";
import { findNodes } from "./nodes.mjs";
import { parseOptions, usage } from "./options.mjs";
import { profileGroup } from "./profile.mjs";
import { printGoals, printGroup, printHead } from "./report.mjs";
import { runGroup } from "./run-group.mjs";
import { surroundings } from "./surroundings.mjs";
import { installPeers, makeWorkspace } from "./workspace.mjs";
import { writeDocs } from "./write-docs.mjs";

if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit();
}
const options = parseOptions(process.argv.slice(2));
const data = options.from ? merge(options.from.map(load)) : await measureAll();
if (options.from && options.json) save(options.json, data);
const goals = findGoals(data);
printGoals(goals);
if (options.writeDocs) await writeDocs(data, goals);

async function measureAll() {
  installPeers();
  const nodes = findNodes(options.nodes);
  const data = { ...surroundings(nodes, options), groups: {} };
  printHead(data);
  const { folder, close } = makeWorkspace();
  process.once("SIGINT", () => process.exit(130));
  process.once("exit", close);
  for (const name of options.groups) {
    const group = await import(`./groups/${name}.mjs`);
    if (options.profile) await profileGroup(name, group, nodes, options, folder);
    else data.groups[name] = await runGroup(name, group, nodes, options, folder);
    printGroup(name, group.tables, data);
    // what is measured is not lost with a run that is ended
    if (options.json) save(options.json, data);
  }
  return data;
}
