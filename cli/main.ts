#!/usr/bin/env node
/** The command `dtracing`. */
import { bpftrace, help as bpftraceHelp } from "./bpftrace.ts";
import { Failure } from "./failure.ts";
import { help as probesHelp, probes } from "./probes.ts";
import { help as tailHelp, tail } from "./tail.ts";
import { help as tscHelp, tsc } from "./tsc.ts";

interface Command {
  readonly help: string;
  readonly summary: string;
  readonly run: (given: readonly string[]) => void | Promise<void>;
}

const commands: Readonly<Record<string, Command>> = {
  probes: { run: probes, help: probesHelp, summary: "list the probes of a build or a process" },
  bpftrace: { run: bpftrace, help: bpftraceHelp, summary: "print a ready bpftrace script" },
  tsc: { run: tsc, help: tscHelp, summary: "build with TypeScript 7, or with any other" },
  tail: { run: tail, help: tailHelp, summary: "follow a process as if it logged everything" },
};

const usage = `dtracing <command> [--help]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}`;

const [name, ...given] = process.argv.slice(2);
const command = name === undefined ? undefined : commands[name];
try {
  if (name === undefined || name === "--help" || name === "-h") console.log(usage);
  else if (command === undefined)
    throw new Failure(`unknown command "${name}"; there are ${Object.keys(commands).join(", ")}`);
  else if (given.includes("--help") || given.includes("-h")) console.log(command.help);
  else await command.run(given);
} catch (error) {
  const isPlain = error instanceof Failure || String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
  if (!isPlain) throw error;
  console.error(`dtracing: ${(error as Error).message}`);
  process.exitCode = 1;
}
