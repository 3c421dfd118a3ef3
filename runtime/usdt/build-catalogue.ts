/** Gives the callsites of a build their ids and the names of their probes. */
import type {
  Catalogue,
  CataloguedCallsite,
  CataloguedModule,
  ModuleCallsites,
  StrippedCallsite,
} from "./catalogue.ts";
import { levelName } from "../level.ts";
import { closeSuffix, probeName, providerName } from "./probe-name.ts";
import { levelProbe, shared } from "./shared.ts";

/** The same for the same modules in any order. `provider` is the package's name, or what the user says. */
export function buildCatalogue(provider: string, given: readonly ModuleCallsites[]): Catalogue {
  const modules: CataloguedModule[] = [];
  const callsites: CataloguedCallsite[] = [];
  const stripped: StrippedCallsite[] = [];
  const taken = new Set<string>([...shared, ...([1, 2, 3, 4, 5] as const).map(levelProbe)]);
  for (const module of given.toSorted((a, b) => compare(keyOf(a), keyOf(b)))) {
    const { file, hash, target } = module;
    stripped.push(...(module.stripped ?? []).map((callsite) => ({ ...callsite, file })));
    if (module.callsites.length === 0) continue;
    modules.push({
      file,
      hash,
      target,
      first: callsites.length,
      count: module.callsites.length,
    });
    for (const callsite of module.callsites) {
      const { kind, message, name, function: fn, level } = callsite;
      const text =
        kind === "span" ? name : message || (name.startsWith("event ") ? levelName(level).toLowerCase() : name);
      const probe = kind === "enabled" ? {} : { probe: probeName(file, fn, text, taken) };
      if (kind === "span") taken.add(`${probe.probe}${closeSuffix}`);
      callsites.push({ id: callsites.length, ...callsite, ...probe, file });
    }
  }
  return { version: 1, provider: providerName(provider), modules, callsites, stripped };
}

function keyOf({ file, target, hash }: ModuleCallsites): string {
  return `${file}\n${target}\n${hash}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
