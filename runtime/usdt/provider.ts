/** Connects the modules of a program to their probe files. On Node, Bun and Deno it is there with `dtracing/internal`. */
import type { Connected } from "../callsite.ts";
import type { Table } from "../table.ts";
import { describe } from "../report.ts";
import { state } from "../state.ts";
import { ConnectedModule } from "./connected-module.ts";
import { callerFolders, probeFilesAbove } from "./find.ts";
import { LoadedFile } from "./loaded-file.ts";
import { node } from "./node.ts";
import { openSpans } from "./probed-span.ts";
import { keyOf } from "./shared.ts";
import { writer } from "./writer.ts";

/** How a probe file fared; `dtracing doctor` prints it. */
export interface ProbeStatus {
  readonly path: string;
  /** Why its probes are not there; `undefined` if they are. */
  readonly reason: string | undefined;
}

declare const setInterval: (f: () => void, milliseconds: number) => { unref?(): void };

/** How often shared probes are looked at, in milliseconds. */
const interval = 100;

const files = new Map<string, LoadedFile | { readonly path: string; readonly reason: string }>();
/** Modules for which no file was found. */
const missing: string[] = [];

/** The cells of a module in its probe file's memory, or nothing where there is none or it cannot be loaded. */
export function connect(table: Table): Connected | undefined {
  const [file, hash, target, codes, , mode] = table;
  if (mode === 0 || reasonOfMachine() !== undefined) return undefined;
  try {
    const key = keyOf(file, hash, target);
    const found = mode === 1 ? loadCached(table) : search(key);
    const module = found?.modules.get(key);
    if (found === undefined || module === undefined || module[2] !== codes.length) {
      missing.push(file);
      return undefined;
    }
    return new ConnectedModule(found, module);
  } catch (error) {
    files.set(file, { path: file, reason: describe(error) });
    return undefined;
  }
}

/** What became of the probes of this program: one entry for each file that was tried, and one for what has none. */
export function probeStatus(): readonly ProbeStatus[] {
  const machine = reasonOfMachine();
  if (machine !== undefined) return [{ path: "", reason: machine }];
  const status: ProbeStatus[] = [...files.values()].map((file) => ({
    path: file.path,
    reason: file instanceof LoadedFile ? undefined : file.reason,
  }));
  for (const path of missing) {
    status.push({ path, reason: "no probe file of its build was found beside the program or in a folder above it" });
  }
  return status;
}

function loadCached(table: Table): LoadedFile | undefined {
  const path = writer().cachedProbeFile(table);
  return load(path, path);
}

function search(key: string): LoadedFile | undefined {
  // most modules are in the file of the one before: asking it is cheaper than asking the stack where they are
  for (const file of files.values()) if (file instanceof LoadedFile && file.modules.has(key)) return file;
  for (const folder of callerFolders()) {
    for (const path of probeFilesAbove(folder)) {
      const found = load(path, folder);
      if (found?.modules.has(key) === true) return found;
    }
  }
  return undefined;
}

/** Loads a file on behalf of code in `folder`; once, whether it succeeds or not. */
function load(path: string, folder: string): LoadedFile | undefined {
  let file = files.get(path);
  if (file === undefined) {
    try {
      mayLoad(path, folder);
      file = new LoadedFile(path);
      state.probing ||= file.followsSpans;
      watch();
    } catch (error) {
      file = { path, reason: describe(error) };
    }
    files.set(path, file);
  }
  return file instanceof LoadedFile ? file : undefined;
}

/** Loading a file runs it, and a folder above the program can be one like /tmp, where others put files too. */
function mayLoad(path: string, folder: string): void {
  const { fs, process } = node()!;
  const { uid, mode } = fs.statSync(path);
  if (uid !== 0 && uid !== process.getuid?.() && uid !== fs.statSync(folder).uid) {
    throw new Error(
      `it belongs to user ${uid}, who is neither root nor the program's user nor the owner of its folder`,
    );
  }
  if ((mode & 0o002) !== 0) throw new Error("everybody can write to it");
}

let watching = false;

/** Looks at the shared probes now and then, without keeping the process alive; see `Group`. */
function watch(): void {
  if (watching) return;
  watching = true;
  setInterval(look, interval).unref?.();
}

function look(): void {
  let follows = openSpans() > 0;
  for (const file of files.values()) {
    if (!(file instanceof LoadedFile)) continue;
    file.arm();
    follows ||= file.followsSpans;
  }
  state.probing = follows;
}

function reasonOfMachine(): string | undefined {
  const here = node()?.process;
  if (here === undefined) return "this is not Node, Bun or Deno, or too old a version for process.getBuiltinModule";
  if (here.platform !== "linux") return `probes are there on Linux only, this is ${here.platform}`;
  if (here.arch === "x64" || here.arch === "arm64") return undefined;
  return `probes are there on x64 and arm64 only, this is ${here.arch}`;
}

// the first copy of the package in the process serves all of them
state.connect ??= connect;
