/** Sinks that write to a file descriptor: standard output and error, and files that can be reopened. */
import type { Sink, WriteBytes } from "./sink.ts";
import { builtin } from "../../platform.ts";
import { report } from "../../report.ts";
import { files, processOf } from "./node-fs.ts";
import { codeOf } from "./sink.ts";

/** Options of standard output and error. */
export interface DescriptorOptions {
  /** Never wait for a slow reader of a pipe: what it does not take stays in the writer's buffer. Default: false. */
  readonly nonBlocking?: boolean | undefined;
}

/** Standard output. */
export function stdout(options: DescriptorOptions = {}): Sink {
  return descriptor(1, options);
}

/** Standard error. */
export function stderr(options: DescriptorOptions = {}): Sink {
  return descriptor(2, options);
}

/** A descriptor that is open already. */
export function descriptor(fd: number, { nonBlocking = false }: DescriptorOptions = {}): Sink {
  let own = fd;
  try {
    if (nonBlocking && files().fstatSync(fd).isFIFO()) own = reopened(fd);
  } catch {
    // no /proc: then it waits
  }
  return { keeps: false, write: writing(() => own) };
}

/** A description of its own for the same pipe, because O_NONBLOCK would hold for everybody who shares one. */
function reopened(fd: number): number {
  const { openSync, constants } = files();
  return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
}

function writing(fd: () => number): WriteBytes {
  const until = (bytes: Uint8Array, from: number, to: number): number => {
    try {
      return files().writeSync(fd(), bytes, from, to - from);
    } catch (error) {
      if (codeOf(error) === "EAGAIN") return 0;
      throw error;
    }
  };
  return Object.assign((bytes: Uint8Array, from: number) => until(bytes, from, bytes.length), { until });
}

/** A file that is appended to. */
export interface FileSink extends Sink {
  /** Opens the path anew, after somebody (logrotate) has moved the file away. */
  reopen(): void;
}

/** Options of a file. */
export interface FileOptions {
  /** The permissions of a new file. Default: 0o644, less what the process's umask takes. */
  readonly mode?: number | undefined;
  /** Creates the folders above it. Default: true. */
  readonly mkdir?: boolean | undefined;
  /** A signal on which it is reopened, such as SIGHUP or SIGUSR2. Default: none. */
  readonly reopenOn?: string | undefined;
}

/** Appends to a file. Lines of several processes do not mix, because each chunk is appended at once. */
export function file(path: string, { mode = 0o644, mkdir = true, reopenOn }: FileOptions = {}): FileSink {
  const fs = files();
  if (mkdir) {
    const paths = builtin<{ dirname(path: string): string }>("path");
    if (paths) fs.mkdirSync(paths.dirname(path), { recursive: true });
  }
  let fd = fs.openSync(path, "a", mode);
  const reopen = (): void => {
    try {
      // the new one first: if it cannot be opened the old one goes on
      const next = fs.openSync(path, "a", mode);
      fs.closeSync(fd);
      fd = next;
    } catch (error) {
      report(`reopen ${path}`, `cannot reopen ${path}, the old file goes on`, "error", error);
    }
  };
  if (reopenOn !== undefined) processOf()?.on(reopenOn, reopen);
  return {
    keeps: false,
    write: writing(() => fd),
    reopen,
    close() {
      if (reopenOn !== undefined) processOf()?.off(reopenOn, reopen);
      fs.closeSync(fd);
    },
  };
}
