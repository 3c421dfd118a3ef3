#!/usr/bin/env node
/** The command `dtracing`. */
import { bpftrace, help as bpftraceHelp } from "./bpftrace.ts";
import { doctor, help as doctorHelp } from "./doctor.ts";
import { explain, help as explainHelp } from "./explain.ts";
import { Failure } from "./failure.ts";
import { get, help as getHelp } from "./get.ts";
import { help as initHelp, init } from "./init.ts";
import { help as probesHelp, probes } from "./probes.ts";
import { help as setHelp, set } from "./set.ts";
import { help as tailHelp, tail } from "./tail.ts";
import { help as tscHelp, tsc } from "./tsc.ts";

interface Command {
  readonly help: string;
  readonly summary: string;
  readonly run: (given: readonly string[]) => void | Promise<void>;
}

const commands: Readonly<Record<string, Command>> = {
  init: { run: init, help: initHelp, summary: "set up this project" },
  doctor: { run: doctor, help: doctorHelp, summary: "say what works here and what does not" },
  explain: { run: explain, help: explainHelp, summary: "show what a build makes of a line" },
  probes: { run: probes, help: probesHelp, summary: "list the probes of a build or a process" },
  bpftrace: { run: bpftrace, help: bpftraceHelp, summary: "print a ready bpftrace script" },
  tsc: { run: tsc, help: tscHelp, summary: "build with TypeScript 7, or with any other" },
  set: { run: set, help: setHelp, summary: "change what a running process logs" },
  get: { run: get, help: getHelp, summary: "print the filter of a running process" },
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
