/** `dtracing probes`: every probe with its place, its arguments and their types. */
import { parseArgs } from "node:util";
import { levelName } from "../runtime/level.ts";
import { counted } from "./counted.ts";
import { Failure } from "./failure.ts";
import { ownProbes, sharedProbes } from "./probe-arguments.ts";
import { probeFiles, type ProbeFile } from "./probe-files.ts";

export const help = `dtracing probes <folder | file | pid> [--json]

Lists the probes of a build or of a running process: name, level, target, place, and the arguments as arg0, arg1, ….
  --json  the catalogue itself

Types: integer, boolean (0 or 1), text (read it with str()), json (text: all fields at once), and value: an integer
where the value is one, text where it is anything else.`;

export function probes(given: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  const [where, ...rest] = positionals;
  if (where === undefined || rest.length > 0) throw new Failure("give one folder, file or process id");
  const files = probeFiles(where);
  if (values.json) console.log(JSON.stringify(files, undefined, 2));
  else for (const file of files) print(file);
}

function print({ path, catalogue }: ProbeFile): void {
  const { provider, callsites } = catalogue;
  console.log(`${path}: provider ${provider}, ${counted(callsites.length, "callsite")}\n`);
  for (const callsite of callsites) {
    const { level, target, file, line, kind, message = callsite.name } = callsite;
    for (const { name, arguments: given } of ownProbes(callsite)) {
      console.log(`${provider}:${name}`);
      console.log(`  ${levelName(level)} ${kind} ${target} ${file}:${line} ${JSON.stringify(message)}`);
      console.log(`  ${given.map(({ at, name, type }) => `arg${at} ${name} ${type}`).join(", ")}`);
    }
  }
  console.log("\nShared by all callsites:");
  for (const [name, given] of Object.entries(sharedProbes)) {
    console.log(
      `${provider}:${name}\n  ${given
        .split(", ")
        .map((one, at) => `arg${at} ${one}`)
        .join(", ")}`,
    );
  }
  const levels = new Set(callsites.filter(({ kind }) => kind === "event").map(({ level }) => level));
  for (const level of [...levels].toSorted()) {
    const name = `event__${levelName(level).toLowerCase()}`;
    console.log(`${provider}:${name}\n  all ${levelName(level)} events, with the arguments of their own probes`);
  }
}
