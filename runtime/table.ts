/** What generated code says of a module's callsites (see ARCHITECTURE.md). Text, because most of it is never read. */
import type { Level } from "./level.ts";
import type { Metadata } from "./metadata.ts";
import { codeOf, kindAt, levelAt } from "./code.ts";

/** What a table says of a callsite. Trailing holes of a list are left out, others are `null`. */
export type Row = readonly [kind: Metadata["kind"], level: Level, ...rest: Rest];

type Rest = readonly [
  /** None in an untransformed program. */
  line?: number | null | undefined,
  column?: number | null | undefined,
  fields?: readonly string[] | null | undefined,
  text?: string | null | undefined,
  name?: string | null | undefined,
];

/**
 * `[file, source hash, target, codes, rows, probes, targets]`. `codes` has a character for each callsite, its kind and
 * level, which is all that is looked at until somebody wants it; `rows` has a line of JSON for each, the rest, and begins
 * and ends with a line break; `probes` is 0 for none, 1 for a file in the cache, else one of the build; `targets` are those
 * that differ from the module's, by the row's index.
 */
export type Table = readonly [
  file: string,
  hash: string,
  target: string,
  codes: string,
  rows: string,
  probes?: 0 | 1 | undefined,
  targets?: Readonly<Record<number, string>> | undefined,
];

/** Rows as a table holds them. */
export function textOfRows(rows: readonly Row[]): readonly [codes: string, rows: string] {
  const lines = rows.map(([, , ...rest]) => JSON.stringify(rest));
  return [rows.map(([kind, level]) => codeOf(kind, level)).join(""), `\n${lines.join("\n")}\n`];
}

/** The metadata of a row. */
export function metadataAt(table: Table, index: number): Metadata {
  // V8 keeps what it split a while
  return metadataOf(table, index, JSON.parse(table[4].split("\n")[index + 1]!) as Rest);
}

/** The metadata of all rows, for those who look at it and let it go. */
export function allMetadata(table: Table): Metadata[] {
  const rows = JSON.parse(`[${table[4].trim().replaceAll("\n", ",")}]`) as readonly Rest[];
  return rows.map((row, index) => metadataOf(table, index, row));
}

function metadataOf(table: Table, index: number, row: Rest): Metadata {
  // not taken apart as lists, which would ask for their iterators: the program may have replaced them
  const file = table[0];
  const codes = table[3];
  const line = row[0] ?? undefined;
  const layout = row[2] ?? [];
  const text = row[3] ?? undefined;
  const kind = kindAt(codes, index);
  const isSpan = kind === "span";
  const fields = layout.filter((entry) => entry !== "^" && entry !== "..." && (isSpan || entry !== "message"));
  return {
    kind,
    // joined and not added up, which would keep the parts as well
    name: isSpan ? (text ?? "") : (row[4] ?? ["event ", file, ...(line ? [":", line] : [])].join("")),
    level: levelAt(codes, index),
    target: table[6]?.[index] ?? table[2],
    // where nothing was transformed, it stands for a place on the stack
    file: line === undefined ? undefined : file,
    line,
    column: row[1] ?? undefined,
    // one list where it can be, else one without room for more
    fields: fields.length < layout.length ? fields.slice() : layout,
    layout,
    message: isSpan ? undefined : text,
  };
}
