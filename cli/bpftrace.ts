/** `dtracing bpftrace`: prints a script that is ready to run. */
import { parseArgs } from "node:util";
import { Failure } from "./failure.ts";
import { probeFiles } from "./probe-files.ts";
import { follow, latency, slow, top, tree } from "./scripts.ts";

export const help = `dtracing bpftrace <what> <folder | file | pid>

Prints a bpftrace script for a build or a running process. Run it as root:
  bpftrace -e "$(npx dtracing bpftrace latency dist)"

What:
  follow <probe>  one callsite, with its fields decoded
  latency         histograms of total and busy time for each span name
  top             the callsites that are hit most
  slow            the slowest outermost spans (requests)
  tree [name]     every span and event of one request, the next one (with that outermost span)

Long text is cut by bpftrace: set BPFTRACE_MAX_STRLEN=1024, before version 0.20 BPFTRACE_STRLEN=200.`;

export function bpftrace(given: readonly string[]): void {
  const { positionals } = parseArgs({ args: [...given], allowPositionals: true, options: {} });
  const [what, ...rest] = positionals;
  const where = rest.pop();
  if (what === undefined || where === undefined) throw new Failure("say what, and give a folder, file or process id");
  const [name, ...more] = rest;
  if (more.length > 0 || (name !== undefined && what !== "follow" && what !== "tree")) {
    throw new Failure(`${what} takes no "${more[0] ?? name}"`);
  }
  const files = probeFiles(where);
  switch (what) {
    case "follow":
      if (name === undefined) throw new Failure(`follow what? "dtracing probes ${where}" lists the probes`);
      return print(follow(files, name));
    case "latency":
      return print(latency(files));
    case "top":
      return print(top(files));
    case "slow":
      return print(slow(files));
    case "tree":
      return print(tree(files, name));
    default:
      throw new Failure(`unknown script "${what}"; there are follow, latency, top, slow, tree`);
  }
}

function print(script: string): void {
  process.stdout.write(script);
}
