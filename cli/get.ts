/** `dtracing get`: the filter of a running process. */
import { parseArgs } from "node:util";
import { askProcess, pidOf } from "./ask-process.ts";

export const help = `dtracing get --pid <pid>

Prints the filter of a running process that listens, and what is doubtful about it; see dtracing set --help.`;

export async function get(given: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...given], options: { pid: { type: "string", short: "p" } } });
  const { filter, warnings = [] } = await askProcess(pidOf(values.pid), {});
  console.log(filter);
  for (const warning of warnings) console.error(`dtracing: ${warning}`);
}
