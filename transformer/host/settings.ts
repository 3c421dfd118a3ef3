import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OptionsError } from "../index.ts";

/** Options for hosts that have no configuration of their own: the key "dtracing" of the nearest package.json with one. */
export function settings(folder: string): unknown {
  const file = join(folder, "package.json");
  try {
    const { dtracing } = JSON.parse(readFileSync(file, "utf8")) as { dtracing?: unknown };
    if (dtracing !== undefined) return dtracing;
  } catch (error) {
    if (error instanceof SyntaxError) throw new OptionsError("E011", `${file} is not JSON`, error.message);
  }
  const outer = dirname(folder);
  return outer === folder ? {} : settings(outer);
}
