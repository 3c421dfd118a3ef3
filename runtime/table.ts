/** What generated code says of a module's callsites (see ARCHITECTURE.md). Text, because most of it is never read. */
import type { Level } from "./level.ts";
import type { Metadata } from "./metadata.ts";

/** `[kind, level, line, column, fields, text, name]`, trailing holes left out and others `null`. */
export type Row = readonly [
  kind: Metadata["kind"],
  level: Level,
  /** None in an untransformed program. */
  line?: number | null | undefined,
  column?: number | null | undefined,
  fields?: readonly string[] | null | undefined,
  text?: string | null | undefined,
  name?: string | null | undefined,
];

/**
 * `[file, source hash, target, rows, probes, targets]`. `rows` has a line of JSON for each row and begins and ends with
 * a line break; `probes` is 0 for none, 1 for a file in the cache, else one of the build; `targets` are those that
 * differ from the module's, by the row's index.
 */
export type Table = readonly [
  file: string,
  hash: string,
  target: string,
  rows: string,
  probes?: 0 | 1 | undefined,
  targets?: Readonly<Record<number, string>> | undefined,
];

/** Rows as a table holds them. */
export function rowsText(rows: readonly Row[]): string {
  return `\n${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
}

/** The level of each row, a digit each. */
export function levelsOf([, , , rows]: Table): string {
  return rows.replace(/\n\["\w+",(\d)[^\n]*|\n/g, "$1");
}

/** The metadata of a row. */
export function metadataAt(table: Table, index: number): Metadata {
  // V8 keeps what it split a while
  return metadataOf(table, index, JSON.parse(table[3].split("\n")[index + 1]!) as Row);
}

/** The metadata of all rows, for those who look at it and let it go. */
export function allMetadata(table: Table): Metadata[] {
  const rows = JSON.parse(`[${table[3].trim().replaceAll("\n", ",")}]`) as readonly Row[];
  return rows.map((row, index) => metadataOf(table, index, row));
}

function metadataOf([file, , target, , , targets]: Table, index: number, row: Row): Metadata {
  // not taken apart as a list, which would ask for its iterator
  const kind = row[0];
  const line = row[2] ?? undefined;
  const layout = row[4] ?? [];
  const text = row[5] ?? undefined;
  const isSpan = kind === "span";
  const fields = layout.filter((entry) => entry !== "^" && entry !== "..." && (isSpan || entry !== "message"));
  return {
    kind,
    // joined and not added up, which would keep the parts as well
    name: isSpan ? (text ?? "") : (row[6] ?? ["event ", file, ...(line ? [":", line] : [])].join("")),
    level: row[1],
    target: targets?.[index] ?? target,
    // where nothing was transformed, it stands for a place on the stack
    file: line === undefined ? undefined : file,
    line,
    column: row[3] ?? undefined,
    // one list where it can be, else one without room for more
    fields: fields.length < layout.length ? fields.slice() : layout,
    layout,
    message: isSpan ? undefined : text,
  };
}
