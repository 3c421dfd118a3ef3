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

/** The table of a module, written once for the generated code and for the catalogue. */
export interface Table {
  /** The stripped ones, which have no row, included. */
  readonly callsites: readonly Callsite[];
  readonly rows: readonly string[];
  /** Tells the module from others of its name, also builds of one source with other levels. */
  readonly hash: string;
}

/** What a table says of its module before the rows. */
interface Head {
  readonly file: string;
  readonly target: string;
  /** What stands behind the rows: 0 where the build has no probe file, 1 where the program writes its own. */
  readonly probes?: 0 | 1 | undefined;
}

export function tableOf(callsites: readonly Callsite[], code: string, target: string): Table {
  const rows = callsites.flatMap((callsite) => rowsOf(callsite, target));
  const hash = createHash("sha256").update(code).update(rows.join("\n")).digest("hex").slice(0, 8);
  return { callsites, rows, hash };
}

/** `function $sites() { … }`, hoisted, so that it can answer before the module ran. */
export function sitesFunction({ rows, hash }: Table, { file, target, probes }: Head, names: Names): string {
  const head = [file, hash, target].map((part) => JSON.stringify(part)).join(", ");
  const tail = probes === undefined ? "" : `, ${probes}`;
  return `function ${names.sites}() { return [${head}, [\n${rows.join("\n")}\n]${tail}]; }\n`;
}
