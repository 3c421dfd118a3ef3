import { type LevelFilter, parseLevelFilter } from "../runtime/level.ts";
import type { ProbeOptions } from "./catalogue/write-catalogue.ts";
import { closest, type Code, sentence } from "./diagnostics.ts";

/** What a user may write in the plugin's options. Every default is documented where it is resolved, below. */
export interface Options {
  /**
   * The static maximum level: calls above it are not in the build. A level name or `"off"`, or one for each
   * kind of build.
   */
  readonly maxLevel?: string | { readonly development?: string; readonly production?: string };
  /** Static maximum levels of single targets; the longest matching target wins over `maxLevel`. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Other module specifiers that re-export `trace` under the same names. */
  readonly modules?: readonly string[];
  /**
   * The build's probe file, for bpftrace, perf and gdb: `provider` is the name before the colon in
   * `usdt:…:provider:probe`, `nop` the instruction at a probe, `off` leaves the file out.
   */
  readonly usdt?: { readonly provider?: string; readonly nop?: "nop10" | "nop5"; readonly off?: boolean };
  /** The first segment of default targets, instead of the name in the nearest package.json. */
  readonly packageName?: string;
  /** The folder that default targets and `file` are relative to. */
  readonly root?: string;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly maxLevel: LevelFilter;
  readonly targets: readonly (readonly [target: string, level: LevelFilter])[];
  readonly modules: readonly string[];
  readonly root: string;
  /** Empty where there is none: default targets then begin with the path. */
  readonly packageName: string;
  /** The folder that the paths of default targets are relative to. */
  readonly packageRoot: string;
  readonly usdt: ProbeOptions;
}

/** What a host knows and the user does not have to say. */
export interface HostFacts {
  readonly cwd: string;
  readonly production: boolean;
  /** Whether files are transformed as they are loaded, so that there is no output with a probe file. */
  readonly unbuilt?: boolean;
}

/** An option that cannot be used: its message has the code, the value and the fix. */
export class OptionsError extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, fix: string) {
    super(sentence({ code, message, fix }));
    this.name = "OptionsError";
    this.code = code;
  }
}

const known = ["maxLevel", "targets", "modules", "packageName", "root", "usdt"];

/** Checks the options and fills in the defaults. Throws {@link OptionsError}. */
export function resolveOptions(options: unknown, host: HostFacts): ResolvedOptions {
  const given = objectOption(options ?? {}, "the options");
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new OptionsError("E005", `unknown option "${name}"`, suggestion(name, known));
  }
  const { maxLevel, targets, modules, packageName, root, usdt } = given;
  return {
    // Default: everything stays in the build and is decided at run time.
    maxLevel: resolveMaxLevel(maxLevel ?? "trace", host),
    // Default: no target has a level of its own. Longest first, so that the first match decides.
    targets: Object.entries(objectOption(targets ?? {}, "targets"))
      .map(([target, level]) => [target, levelOption(level, `targets["${target}"]`)] as const)
      .toSorted(([a], [b]) => b.length - a.length),
    // Default: only this package itself.
    modules: ["dtracing", ...stringsOption(modules ?? [], "modules")],
    // Default: the host's working folder.
    root: stringOption(root ?? host.cwd, "root"),
    // Default: what the nearest package.json of each file says; see nearestPackage.
    packageName: stringOption(packageName ?? "", "packageName"),
    packageRoot: stringOption(root ?? host.cwd, "root"),
    usdt: resolveUsdt(usdt ?? {}, host),
  };
}

function resolveMaxLevel(value: unknown, host: HostFacts): LevelFilter {
  if (typeof value !== "object" || value === null) return levelOption(value, "maxLevel");
  const modes = ["development", "production"];
  for (const mode of Object.keys(value)) {
    if (modes.includes(mode)) continue;
    throw new OptionsError("E005", `unknown option "maxLevel.${mode}"`, suggestion(mode, modes));
  }
  const { development = "trace", production = development } = value as Record<string, unknown>;
  const levels = [levelOption(development, "maxLevel.development"), levelOption(production, "maxLevel.production")];
  return levels[host.production ? 1 : 0] as LevelFilter;
}

function resolveUsdt(value: unknown, host: HostFacts): ProbeOptions {
  const given = objectOption(value, "usdt");
  const names = ["provider", "nop", "off"];
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new OptionsError("E005", `unknown option "usdt.${name}"`, suggestion(name, names));
  }
  const { provider, nop, off } = given;
  if (nop !== undefined && nop !== "nop10" && nop !== "nop5") {
    throw new OptionsError("E011", `usdt.nop is ${JSON.stringify(nop)}`, `write "nop10" or "nop5"`);
  }
  if (off !== undefined && typeof off !== "boolean") {
    throw new OptionsError("E011", `usdt.off is ${JSON.stringify(off)}`, "write true or false");
  }
  return {
    // Default: the name of the package in the root folder, as a C identifier.
    provider: stringOption(provider ?? "", "usdt.provider"),
    // Default: the form that is safe on every kernel. "nop5" costs half as much per hit from Linux 6.18 on.
    nop: nop ?? "nop10",
    // Default: a probe file beside the output, and where there is no output one in the user's cache folder.
    place: off === true ? "off" : host.unbuilt === true ? "cache" : "build",
  };
}

function levelOption(value: unknown, name: string): LevelFilter {
  try {
    return parseLevelFilter(stringOption(value, name));
  } catch (error) {
    if (error instanceof OptionsError) throw error;
    throw new OptionsError(
      "E011",
      `${name} is ${JSON.stringify(value)}`,
      `write one of "off", "error", "warn", "info", "debug", "trace"`,
    );
  }
}

function stringOption(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new OptionsError("E011", `${name} is ${JSON.stringify(value)}`, "write a string");
}

function stringsOption(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value)) return value.map((item, index) => stringOption(item, `${name}[${index}]`));
  throw new OptionsError("E011", `${name} is ${JSON.stringify(value)}`, `write an array of strings`);
}

function objectOption(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new OptionsError("E011", `${name} is ${JSON.stringify(value)}`, "write an object");
}

function suggestion(name: string, candidates: readonly string[]): string {
  const near = closest(name, candidates);
  return near === undefined ? `known are ${candidates.join(", ")}` : `did you mean "${near}"?`;
}

/** The static maximum of a target: its own, or its nearest parent's, or the general one. */
export function staticMaxLevel(target: string, options: ResolvedOptions): LevelFilter {
  const own = options.targets.find(
    ([prefix]) => target === prefix || (target.startsWith(prefix) && /^[:./]/.test(target.slice(prefix.length))),
  );
  return own?.[1] ?? options.maxLevel;
}
