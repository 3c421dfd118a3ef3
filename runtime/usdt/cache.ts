/** Probe files of programs that are transformed as they start: one for each module, in the user's cache folder. */
import type { Table } from "../table.ts";
import type { Metadata } from "../metadata.ts";
import type { ModuleCallsites } from "./catalogue.ts";
import type { Architecture } from "./architecture.ts";
import { environment } from "../platform.ts";
import { allMetadata } from "../table.ts";
import { buildCatalogue } from "./build-catalogue.ts";
import { utf8 } from "./bytes.ts";
import { node } from "./node.ts";
import { writeProbeFile } from "./probe-file.ts";

/** Writes the probe file of a module, if an earlier run has not, and answers its path. Throws why not. */
export function cachedProbeFile(table: Table): string {
  const { fs, path, process } = node()!;
  const [file, hash, target] = table;
  const folder = cacheFolder();
  const provider = target.split("::")[0] || "app";
  const catalogue = buildCatalogue(provider, [moduleOf(table)]);
  const name = `${catalogue.provider}.${file.replace(/[^A-Za-z0-9]+/g, "-").slice(-80)}.${hash}`;
  const whole = path.join(folder, `${name}.probes.${process.arch}.node`);
  if (fs.existsSync(whole)) return whole;
  const write = (to: string, bytes: Uint8Array): void => {
    // whole or not at all: a program that has it mapped must never see it change
    const fresh = `${to}.${process.pid}`;
    fs.writeFileSync(fresh, bytes, { mode: 0o600 });
    fs.renameSync(fresh, to);
  };
  write(path.join(folder, `${name}.callsites.json`), utf8(JSON.stringify(catalogue)));
  write(whole, writeProbeFile(catalogue, process.arch as Architecture));
  return whole;
}

/** A folder that nobody else can write to: its files are loaded as code. */
function cacheFolder(): string {
  const { fs, path, process } = node()!;
  const home = environment("XDG_CACHE_HOME") || path.join(environment("HOME") || "/nonexistent", ".cache");
  const folder = path.join(home, "dtracing");
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = fs.statSync(folder);
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return folder;
  throw new Error(`${folder} can be written by others`);
}

function moduleOf(table: Table): ModuleCallsites {
  const [file, hash, target] = table;
  return { file, hash, target, callsites: allMetadata(table).map(callsiteOf) };
}

function callsiteOf(metadata: Metadata): ModuleCallsites["callsites"][number] {
  const { kind, level, line = 0, column = 0, target, name, fields, layout, message } = metadata;
  return {
    kind,
    level,
    line,
    column,
    target,
    name,
    ...(kind === "event" && message !== undefined ? { message } : {}),
    fields: fields.filter((field) => field !== "message").map((field) => ({ name: field, type: "value" })),
    ...(layout.includes("...") ? { open: true } : {}),
  };
}
