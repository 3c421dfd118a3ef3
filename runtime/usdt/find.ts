/** Finds the probe file of a module: next to the file it runs from, or in a folder above, up to its package. */
import { node, pathOf } from "./node.ts";

interface Frame {
  getFileName?(): string | null | undefined;
}

/** The folders of the files on the stack, innermost first: the module that registers, or the bundle it is in, is one. */
export function callerFolders(): readonly string[] {
  const { path } = node()!;
  const v8 = Error as { stackTraceLimit?: number; prepareStackTrace?: unknown };
  const { stackTraceLimit, prepareStackTrace } = v8;
  const holder: { stack?: unknown } = {};
  const folders = new Set<string>();
  try {
    v8.stackTraceLimit = 12;
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

/** The probe files for this machine in a folder and above, nearest first, up to and with the folder of its package.json. */
export function probeFilesAbove(folder: string): readonly string[] {
  const found = known.get(folder);
  if (found !== undefined) return found;
  const { fs, path, process } = node()!;
  let names: readonly string[] = [];
  try {
    names = fs.readdirSync(folder);
  } catch {
    // not a folder, or not ours to read: nothing is found in it
  }
  const own = names
    .filter((name) => name.endsWith(`.probes.${process.arch}.node`))
    .map((name) => path.join(folder, name));
  const outer = path.dirname(folder);
  const ends = outer === folder || names.includes("package.json") || path.dirname(outer) === outer;
  const files = ends ? own : [...own, ...probeFilesAbove(outer)];
  known.set(folder, files);
  return files;
}
