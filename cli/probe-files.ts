/** Finds probe files and their catalogues: in a folder, by a file's name, or in what a process has mapped. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Catalogue } from "../runtime/usdt/catalogue.ts";
import { Failure } from "./failure.ts";

/** A probe file for this machine, and what its build says of it. */
export interface ProbeFile {
  readonly path: string;
  readonly catalogue: Catalogue;
}

/** `where` is a folder (with those below it), a probe file or catalogue, or the id of a process. */
export function probeFiles(where: string): readonly ProbeFile[] {
  const paths = /^\d+$/.test(where) && !existsSync(where) ? mappedBy(Number(where)) : namedBy(resolve(where));
  return [...new Set(paths)].map((path) => ({ path, catalogue: catalogueOf(path) }));
}

function namedBy(path: string): readonly string[] {
  if (!existsSync(path)) throw new Failure(`${path} does not exist; give a folder, a probe file or a process id`);
  if (!statSync(path).isDirectory()) {
    const stem = path.replace(/\.(callsites\.json|probes\.\w+\.node)$/, "");
    if (stem === path)
      throw new Failure(`${path} is neither a probe file (*.probes.*.node) nor a catalogue (*.callsites.json)`);
    return [path.endsWith(".json") ? `${stem}.probes.${process.arch}.node` : path];
  }
  const found = below(path, 8);
  if (found.length === 0) {
    throw new Failure(`no *.probes.${process.arch}.node in ${path} or below; build with the dtracing plugin first`);
  }
  return found;
}

function below(folder: string, depth: number): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 && entry.name !== "node_modules" ? below(path, depth - 1) : [];
    return entry.name.endsWith(`.probes.${process.arch}.node`) ? [path] : [];
  });
}

/** What a process has loaded; a path of another mount namespace (a container) is reached through the process. */
function mappedBy(pid: number): readonly string[] {
  let maps: string;
  try {
    maps = readFileSync(`/proc/${pid}/maps`, "utf8");
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such process" : (error as Error).message;
    throw new Failure(`process ${pid}: ${reason}`);
  }
  const found = [...maps.matchAll(/ (\/.*\.probes\.\w+\.node)( \(deleted\))?$/gm)];
  const gone = found.find(([, , deleted]) => deleted !== undefined);
  if (gone !== undefined)
    throw new Failure(`process ${pid} still runs with ${gone[1]}, which was replaced; restart it`);
  if (found.length === 0)
    throw new Failure(`process ${pid} has loaded no probe file; is its build one with the plugin, on Linux?`);
  return found.map(([, path = ""]) => (existsSync(path) ? path : `/proc/${pid}/root${path}`));
}

function catalogueOf(path: string): Catalogue {
  const file = path.replace(/\.probes\.\w+\.node$/, ".callsites.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Catalogue;
  } catch (error) {
    throw new Failure(`the catalogue beside ${path} cannot be read: ${(error as Error).message}`);
  }
}
