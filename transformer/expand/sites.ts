/** The metadata function: what generated code and the runtime agree on is in ARCHITECTURE.md. */
import { createHash } from "node:crypto";
import type { Callsite } from "../callsite/callsite.ts";
import type { Names } from "./names.ts";
import { codeOf } from "../../runtime/code.ts";

/** The rows of a callsite: one, or one for each level where the level is dynamic. */
function rowsOf({ levels, line, column, values, text, name }: Callsite): readonly string[] {
  const fields = values.map((value) => value.entry);
  const row: unknown[] = [line, column, fields, text, name];
  while (row.at(-1) === undefined || row.at(-1) === "" || (row.length === 3 && fields.length === 0)) row.pop();
  return levels.map(() => JSON.stringify(row));
}

/** The table of a module, written once for the generated code and for the catalogue. */
export interface Table {
  /** The stripped ones, which have no row, included. */
  readonly callsites: readonly Callsite[];
  /** Kind and level of each row, a character each. */
  readonly codes: string;
  readonly rows: string;
  /** The targets that differ from the module's, by row; empty if none does. */
  readonly targets: string;
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
  const kinds = callsites.flatMap(({ kind, levels }) => levels.map((level) => codeOf(kind, level))).join("");
  const rows = callsites.flatMap(rowsOf).join("\n");
  const targets = targetsOf(callsites, target);
  const hash = createHash("sha256").update(code).update(kinds).update(rows).update(targets).digest("hex").slice(0, 8);
  return { callsites, codes: kinds, rows, targets, hash };
}

/** `function $sites() { … }`, hoisted, so that it can answer before the module ran. */
export function sitesFunction(
  { codes, rows, targets, hash }: Table,
  { file, target, probes }: Head,
  names: Names,
): string {
  const head = [file, hash, target, codes].map((part) => JSON.stringify(part)).join(", ");
  const text = rows.replace(/[\\`]|\$(?=\{)/g, "\\$&");
  const tail = [probes ?? "", targets].map((part) => (part === "" ? "," : `, ${part}`)).join("");
  return `function ${names.sites}() { return [${head}, \`\n${text}\n\`${tail.replace(/,+$/, "")}]; }\n`;
}

function targetsOf(callsites: readonly Callsite[], moduleTarget: string): string {
  const targets = callsites.flatMap(({ levels, target }) => levels.map(() => target));
  const others = targets.flatMap((target, row) => (target === moduleTarget ? [] : `${row}: ${JSON.stringify(target)}`));
  return others.length === 0 ? "" : `{ ${others.join(", ")} }`;
}
