/** Tracing with files alone: a uprobe event in an instance of its own. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { output } from "./usdt-tools.ts";
import type { Note } from "./usdt-notes.ts";

const root = "/sys/kernel/tracing";
const registers: Readonly<Record<string, string>> = {
  "%rdi": "%di",
  "%rsi": "%si",
  "%rdx": "%dx",
  "%rcx": "%cx",
  "%r8": "%r8",
  "%r9": "%r9",
};
let count = 0;

export interface Trace {
  /** The fields of each hit so far, as text. */
  hits(): readonly (readonly string[])[];
  detach(): void;
}

/** Attaches to a probe. `kinds` says how to read each argument: `s` as a string, `d` as a signed number. */
export function attach(file: string, note: Note, kinds: string): Trace {
  if (!existsSync(`${root}/uprobe_events`)) output("mount", "-t", "tracefs", "nodev", root);
  const group = `dtracing_${process.pid}_${count++}`;
  const places = note.arguments.split(" ").map((argument) => registers[argument.replace(/^-?8@/, "")]);
  const fetches = [...kinds].map(
    (kind, at) => `a${at}=${kind === "s" ? `+0(${places[at]}):ustring` : `${places[at]}:s64`}`,
  );
  const place = `${file}:0x${note.location.toString(16)}(0x${note.semaphore.toString(16)})`;
  appendFileSync(`${root}/uprobe_events`, `p:${group}/hit ${place} ${fetches.join(" ")}\n`);
  const instance = `${root}/instances/${group}`;
  mkdirSync(instance);
  writeFileSync(`${instance}/events/${group}/hit/enable`, "1");
  return {
    hits() {
      const lines = readFileSync(`${instance}/trace`, "utf8")
        .split("\n")
        .filter((line) => line.includes(" hit: "));
      return lines.map((line) =>
        [...line.matchAll(/a\d+=(?:"((?:[^"\\]|\\.|"(?! a\d|$))*)"|(\S+))/g)].map(([, text, value]) => text ?? value!),
      );
    },
    detach() {
      writeFileSync(`${instance}/events/${group}/hit/enable`, "0");
      rmdirSync(instance);
      appendFileSync(`${root}/uprobe_events`, `-:${group}/hit\n`);
    },
  };
}
