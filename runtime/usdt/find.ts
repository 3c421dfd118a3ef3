/** Finds what a build wrote: next to the file that runs, or in a folder above, up to its package. */
import { node, pathOf } from "./node.ts";

interface Frame {
  getFileName?(): string | null | undefined;
}

/** The folders of the files on the stack, innermost first: the module that registers, or the bundle it is in, is one. */
export function callerFolders(depth = 12): readonly string[] {
  const { path } = node()!;
  const v8 = Error as { stackTraceLimit?: number; prepareStackTrace?: unknown };
  const { stackTraceLimit, prepareStackTrace } = v8;
  const holder: { stack?: unknown } = {};
  const folders = new Set<string>();
  try {
    v8.stackTraceLimit = depth;
    // raw frames: source maps would lead to files that are not there
    v8.prepareStackTrace = (_: unknown, frames: unknown) => frames;
    (Error as { captureStackTrace?(holder: object): void }).captureStackTrace?.(holder);
    for (const frame of holder.stack as readonly Frame[]) {
      const file = frame.getFileName?.();
      if (file && !file.startsWith("node:")) folders.add(path.dirname(pathOf(file.replace(/[?#].*$/, ""))));
    }
  } catch {
    // an engine without such frames: no module is found, nothing else is lost
  } finally {
    if (stackTraceLimit !== undefined) v8.stackTraceLimit = stackTraceLimit;
    v8.prepareStackTrace = prepareStackTrace;
  }
  return [...folders];
}

const known = new Map<string, readonly string[]>();

/** The files with an ending in a folder and above, nearest first, up to and with the folder of its package.json. */
export function filesAbove(folder: string, ending: string): readonly string[] {
  const { fs, path } = node()!;
  const key = `${ending}\n${folder}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  let names: readonly string[] = [];
  try {
    names = fs.readdirSync(folder);
  } catch {
    // not a folder, or not ours to read: nothing is found in it
  }
  const own = names.filter((name) => name.endsWith(ending)).map((name) => path.join(folder, name));
  const outer = path.dirname(folder);
  const ends = outer === folder || names.includes("package.json") || path.dirname(outer) === outer;
  const files = ends ? own : [...own, ...filesAbove(outer, ending)];
  known.set(key, files);
  return files;
}

/** The probe files for this machine. */
export function probeFilesAbove(folder: string): readonly string[] {
  return filesAbove(folder, `.probes.${node()!.process.arch}.node`);
}
