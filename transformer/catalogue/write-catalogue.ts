import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

/**
 * Writes `<provider>.callsites.json` and the probe files of both machines into a build's output folder. A build that has
 * no probes removes those of the build before: they would be listed, and never fire.
 */
export function writeCatalogue(
  folder: string,
  packageName: string,
  modules: readonly ModuleCallsites[],
  options: ProbeOptions,
): void {
  if (options.place === "cache") return;
  const catalogue = buildCatalogue(options.provider || packageName, options.place === "off" ? [] : modules);
  const { provider, callsites, stripped } = catalogue;
  const list = join(folder, `${provider}.callsites.json`);
  if (callsites.length + stripped.length === 0) rmSync(list, { force: true });
  else replace(list, Buffer.from(`${JSON.stringify(catalogue, null, 1)}\n`));
  for (const architecture of ["x64", "arm64"] as const) {
    const file = join(folder, `${provider}.probes.${architecture}.node`);
    if (callsites.length === 0) rmSync(file, { force: true });
    else replace(file, writeProbeFile(catalogue, architecture, options.nop));
  }
}

/** Puts a whole new file in place: a program that has the old one mapped keeps it, a tracer never sees half of one. */
function replace(file: string, bytes: Uint8Array): void {
  if (isSame(file, bytes)) return;
  mkdirSync(dirname(file), { recursive: true });
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
