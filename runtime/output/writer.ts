/** Moves finished lines out of the process. */
import type { Metadata } from "../metadata.ts";
import type { FileSystem } from "../platform.ts";
import { builtin, host } from "../platform.ts";
import { describe, report } from "../report.ts";

/** Takes one line, its newline included. An object with `write`, such as `process.stderr`, is fine too. */
export type Writer = ((line: string, metadata: Metadata) => void) | { write(line: string): unknown };

/** The function behind a writer; without one each line goes to stdout at once, in a browser to the console. */
export function writerOf(writer?: Writer): (line: string, metadata: Metadata) => void {
  if (typeof writer === "function") return writer;
  if (writer) return (line) => void writer.write(line);
  const fs = builtin<FileSystem>("fs");
  return fs ? stdout(fs) : (line, { level }) => host.console?.[methods[level]](line.slice(0, -1));
}

const methods = { 1: "error", 2: "warn", 3: "info", 4: "debug", 5: "debug" } as const;

function stdout(fs: FileSystem): (line: string) => void {
  const encoder = new host.TextEncoder!();
  let open = true;
  return (line) => {
    const bytes = encoder.encode(line);
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
