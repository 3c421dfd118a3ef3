import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Nop } from "../../runtime/usdt/architecture.ts";
import { buildCatalogue } from "../../runtime/usdt/build-catalogue.ts";
import type { ModuleCallsites } from "../../runtime/usdt/catalogue.ts";
import { writeProbeFile } from "../../runtime/usdt/probe-file.ts";

/** What the user may say of the probe file, resolved. */
export interface ProbeOptions {
  /** The provider, before it is made an identifier; empty for the package's name. */
  readonly provider: string;
  readonly nop: Nop;
  /** Where the probes of the modules are: in the build's file, in one that is written as they run, or nowhere. */
  readonly place: "build" | "cache" | "off";
}

/** Writes `<provider>.callsites.json` and the probe files of both machines into a build's output folder. */
export function writeCatalogue(
  folder: string,
  packageName: string,
  modules: readonly ModuleCallsites[],
  options: ProbeOptions,
): void {
  if (options.place !== "build" || modules.length === 0) return;
  const catalogue = buildCatalogue(options.provider || packageName, modules);
  mkdirSync(folder, { recursive: true });
  replace(join(folder, `${catalogue.provider}.callsites.json`), Buffer.from(`${JSON.stringify(catalogue, null, 1)}\n`));
  if (catalogue.callsites.length === 0) return;
  for (const architecture of ["x64", "arm64"] as const) {
    const file = join(folder, `${catalogue.provider}.probes.${architecture}.node`);
    replace(file, writeProbeFile(catalogue, architecture, options.nop));
  }
}

/** Puts a whole new file in place: a program that has the old one mapped keeps it, a tracer never sees half of one. */
function replace(file: string, bytes: Uint8Array): void {
  if (isSame(file, bytes)) return;
  const fresh = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(fresh, bytes);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function isSame(file: string, bytes: Uint8Array): boolean {
  try {
    return readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}
