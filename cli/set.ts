/** `dtracing set`: changes the filter of a running process. */
import { parseArgs } from "node:util";
import { askProcess, pidOf } from "./ask-process.ts";
import { Failure } from "./failure.ts";

export const help = `dtracing set --pid <pid> '<filter>'

Changes what a running process logs, from its next call on: dtracing set --pid 4711 'info,app::db=trace'.
The process must listen (DTRACING_LOG_SOCKET=1 with dtracing/auto, or liveFilter with socket: true) and be yours.`;

export async function set(given: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: { pid: { type: "string", short: "p" } },
  });
  const [filter, ...rest] = positionals;
  if (filter === undefined || rest.length > 0) throw new Failure("give one filter, in quotes: 'info,app::db=trace'");
  const answer = await askProcess(pidOf(values.pid), { set: filter });
  console.log(`${answer.before} -> ${answer.filter}`);
  for (const warning of answer.warnings ?? []) console.error(`dtracing: ${warning}`);
}
