/** The metadata function: what generated code and the runtime agree on is in ARCHITECTURE.md. */
import { createHash } from "node:crypto";
import type { Callsite } from "../callsite/callsite.ts";
import type { Names } from "./names.ts";

/** The rows of a callsite: one, or one for each level where the level is dynamic. */
function rowsOf(callsite: Callsite, moduleTarget: string): readonly string[] {
  const { kind, levels, line, column, values, text, name, target } = callsite;
  const entries = values.map((value) => value.entry);
  const fields = entries.some((entry) => entry.includes(",")) ? entries : entries.join(",");
  return levels.map((level) => {
    const row: unknown[] = [
      kind,
      level,
      line,
      column,
      fields,
      text,
      name,
      target === moduleTarget ? undefined : target,
    ];
    while (row.length > 4 && (row.at(-1) === undefined || row.at(-1) === "")) row.pop();
    return `  [${row.map((cell) => JSON.stringify(cell) ?? "").join(", ")}],`;
  });
}

/** `function $sites() { … }`, hoisted, so that it can answer before the module ran. */
export function sitesFunction(
  callsites: readonly Callsite[],
  module: { readonly file: string; readonly target: string; readonly code: string },
  names: Names,
): string {
  const rows = callsites.flatMap((callsite) => rowsOf(callsite, module.target));
  // With the rows: a program may hold two builds of one source, with other levels.
  const hash = createHash("sha256").update(module.code).update(rows.join("\n")).digest("hex").slice(0, 8);
  const head = [module.file, hash, module.target].map((part) => JSON.stringify(part)).join(", ");
  return `function ${names.sites}() { return [${head}, [\n${rows.join("\n")}\n]]; }\n`;
}
