import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ResolvedOptions } from "../index.ts";

interface Package {
  readonly name: string;
  readonly folder: string;
}

/** Fills in the package that a file belongs to: the nearest package.json that has a name. */
export function packageFinder(options: ResolvedOptions): (id: string) => ResolvedOptions {
  const known = new Map<string, Package | undefined>();
  return (id) => {
    const found = nearest(dirname(id));
    return found === undefined
      ? options
      : { ...options, packageName: options.packageName || found.name, packageRoot: found.folder };
  };

  function nearest(folder: string): Package | undefined {
    if (known.has(folder)) return known.get(folder);
    const name = packageName(folder);
    const outer = dirname(folder);
    const found = name !== undefined ? { name, folder } : outer === folder ? undefined : nearest(outer);
    known.set(folder, found);
    return found;
  }
}

function packageName(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    // Absent or unreadable: the folder above decides.
    return undefined;
  }
}
