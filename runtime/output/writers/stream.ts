/** A sink for any Writable: SonicBoom in buffer mode, rotating-file-stream, a socket, a gzip stream. */
import type { Sink } from "./sink.ts";
import { report } from "../../report.ts";

/** The parts of a Writable that are used. SonicBoom has `flushSync`. */
export interface WritableLike {
  write(chunk: Uint8Array): boolean;
  on(event: string, f: (...values: never[]) => void): unknown;
  once(event: string, f: (...values: never[]) => void): unknown;
  end(done?: () => void): unknown;
  flushSync?(): void;
  readonly sync?: boolean;
}

/**
 * Hands whole chunks to a Writable and waits for `drain` while it is full. What it took is its own to keep: a Writable
 * without `flushSync` loses at exit what it has not written, so `await writer.close()` first.
 */
export function stream(writable: WritableLike): Sink {
  if (writable.flushSync && writable.sync === false) {
    // seen with 4.2 and on Node 20: lines of the write that is under way arrive after later ones
    throw new Error(
      "give SonicBoom { sync: true }: its flushSync during an asynchronous write changes the order of lines",
    );
  }
  let ready = true;
  let failure: unknown;
  let waiting: (() => void) | undefined;
  writable.on("error", (error: unknown) => {
    failure = error;
    report(`stream ${String(error)}`, "a stream that lines are written to failed", "error", error);
  });
  writable.on("drain", () => {
    ready = true;
    waiting?.();
  });
  return {
    later: writable.flushSync === undefined,
    write(bytes, from) {
      if (failure !== undefined) throw gone(failure);
      if (!ready) return 0;
      // a copy is not needed: a chunk is never written into again
      ready = writable.write(bytes.subarray(from));
      if (!ready && writable.flushSync) {
        writable.flushSync();
        ready = true;
      }
      return bytes.length - from;
    },
    flush: () => writable.flushSync?.(),
    onReady: (f) => void (waiting = f),
    close: () => new Promise((resolve) => void writable.end(resolve)),
  };
}

function gone(cause: unknown): Error {
  return Object.assign(new Error("the stream has failed", { cause }), { code: "ERR_STREAM_DESTROYED" });
}
