/** Moves finished lines out of the process. */
import type { Line } from "../line.ts";
import type { Metadata } from "../metadata.ts";
import type { FileSystem } from "../platform.ts";
import { textLine } from "../line.ts";
import { builtin, host } from "../platform.ts";
import { describe, report } from "../report.ts";

/** Takes one line, its newline included. An object with `write`, such as `process.stderr`, is fine too. */
export type Writer = ((line: string, metadata: Metadata) => void) | { write(line: string): unknown };

/** Takes what was written into a line from there on, which is gone when it returns. */
export type Take = (line: Line, from: number, metadata: Metadata) => void;

/** Where an output writes its lines, and who takes them. */
export interface Target {
  readonly line: Line;
  readonly take: Take;
}

const key: unique symbol = /*#__PURE__*/ Symbol.for("dtracing.target");

/** The writer of a target: for those who have strings a function, for outputs the target. */
export function writerOf(target: Target): (text: string, metadata: Metadata) => void {
  const { line, take } = target;
  const writer = (text: string, metadata: Metadata): void => {
    const from = line.at;
    try {
      line.raw(text);
      take(line, from, metadata);
    } finally {
      line.reset(from);
    }
  };
  return Object.assign(writer, { [key]: target });
}

/** The target behind a writer; without one each line goes to stdout at once, in a browser to the console. */
export function targetOf(writer?: Writer): Target {
  const { [key]: target } = (writer ?? {}) as { readonly [key]?: Target };
  return target ?? { line: textLine, take: takeText(writer) };
}

function takeText(writer?: Writer): Take {
  if (typeof writer === "function") return (line, from, metadata) => writer(line.text(from), metadata);
  if (writer) return (line, from) => void writer.write(line.text(from));
  const fs = builtin<FileSystem>("fs");
  return fs ? stdout(fs) : (line, from, { level }) => host.console?.[methods[level]](line.text(from).slice(0, -1));
}

const methods = { 1: "error", 2: "warn", 3: "info", 4: "debug", 5: "debug" } as const;

function stdout(fs: FileSystem): Take {
  const encoder = new host.TextEncoder!();
  let open = true;
  return (line, from) => {
    const bytes = encoder.encode(line.text(from));
    for (let at = 0; open && at < bytes.length;) {
      try {
        at += fs.writeSync(1, bytes, at);
      } catch (error) {
        // a full pipe whose other end is slow: wait, because a line must not be torn
        if ((error as { code?: string }).code === "EAGAIN") sleep(1);
        else {
          open = false;
          report("stdout", `cannot write to stdout any more: ${describe(error)}`);
        }
      }
    }
  };
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
