/** Moves finished lines out of the process. */
import type { Line } from "../line.ts";
import type { Metadata } from "../metadata.ts";
import type { FileSystem } from "../platform.ts";
import { line } from "../line.ts";
import { builtin, host } from "../platform.ts";
import { describe, report } from "../report.ts";

/** Takes one line, its newline included. An object with `write`, such as `process.stderr`, is fine too. */
export type Writer = ((line: string, metadata: Metadata) => void) | { write(line: string): unknown };

/** Takes the bytes from `from` on, which are gone when it returns. */
export type Take = (line: Line, from: number, metadata: Metadata) => void;

const taking: unique symbol = /*#__PURE__*/ Symbol.for("dtracing.take");

/** A writer of ours: for those who have strings a function, for outputs what takes the bytes. */
export function writerOf(take: Take): (text: string, metadata: Metadata) => void {
  const writer = (text: string, metadata: Metadata): void => {
    const from = line.at;
    try {
      line.raw(text);
      take(line, from, metadata);
    } finally {
      line.reset(from);
    }
  };
  return Object.assign(writer, { [taking]: take });
}

/** How a writer takes lines; without one each goes to stdout at once, in a browser to the console. */
export function takerOf(writer?: Writer): Take {
  if (writer) {
    const { [taking]: take } = writer as { readonly [taking]?: Take };
    if (take) return take;
    if (typeof writer === "function") return (line, from, metadata) => writer(line.text(from), metadata);
    return (line, from) => void writer.write(line.text(from));
  }
  const fs = builtin<FileSystem>("fs");
  return fs ? stdout(fs) : (line, from, { level }) => host.console?.[methods[level]](line.text(from).slice(0, -1));
}

const methods = { 1: "error", 2: "warn", 3: "info", 4: "debug", 5: "debug" } as const;

function stdout(fs: FileSystem): Take {
  let open = true;
  return ({ bytes, at }, from) => {
    while (open && from < at) {
      try {
        from += fs.writeSync(1, bytes, from, at - from);
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
