/** Every message the build can give, in one catalogue: code, sentence with the value, and the fix. */

export type Code =
  | `E0${"01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09" | "10" | "11" | "12" | "13"}`
  | "W001"
  | "W002";

export interface Diagnostic {
  /** `E…` stops the build, `W…` does not. Stable across versions. */
  readonly code: Code;
  readonly severity: "error" | "warning";
  /** One sentence with the offending value. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  readonly file: string;
  /** UTF-16 offsets of the offending source. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

type Entry = (value: string, hint: string) => readonly [message: string, fix: string];

const catalogue: Readonly<Record<Code, Entry>> = {
  E001: (value, hint) => [`"${value}" is not a macro of trace`, hint],
  E002: (value) => [
    `the macro ${value} is used as a value`,
    `call it where it is used: ${value}!(…); a macro is expanded in place and cannot be stored or passed on`,
  ],
  E003: (value, hint) => [`${value}`, hint],
  E004: (value, hint) => [`unknown level ${value}`, hint],
  E005: (value, hint) => [`unknown option ${value}`, hint],
  E006: (value, hint) => [`${value} is not known at build time`, hint],
  E007: (value, hint) => [`a field has no static name: ${value}`, hint],
  E008: (value) => [`the field "${value}" is given twice`, `keep one, or rename the other`],
  E009: (value, hint) => [`the placeholder {${value}} has no field of that name`, hint],
  E010: (value) => [
    `the name of a span must be a string literal, found ${value}`,
    `give a static name and put what varies into a field: trace.infoSpan!("name", { … })`,
  ],
  E011: (value, hint) => [value, hint],
  E012: (value, hint) => [value, hint],
  E013: (value, hint) => [`@instrument ${value}`, hint],
  W001: (value) => [
    `stripping this call also removes "${value}", which has a side effect`,
    `move it out of the call, or raise maxLevel`,
  ],
  W002: (value, hint) => [`the file could not be parsed: ${value}`, hint],
};

/** A range of source that a diagnostic points at. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Collects the diagnostics of one file. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];
  readonly #code: string;
  readonly #file: string;

  constructor(code: string, file: string) {
    this.#code = code;
    this.#file = file;
  }

  add(code: Code, place: Place, value: string, hint = ""): void {
    // An alias is read once for each macro that goes through it.
    if (this.list.some((known) => known.code === code && known.start === place.start && known.end === place.end))
      return;
    const [message, fix] = catalogue[code](value, hint);
    const { line, column } = positionOf(this.#code, place.start);
    this.list.push({
      code,
      severity: code.startsWith("E") ? "error" : "warning",
      message,
      fix,
      file: this.#file,
      start: place.start,
      end: place.end,
      line,
      column,
    });
  }
}

/** 1-based line and column of an offset, in UTF-16 units. */
export function positionOf(code: string, offset: number): { readonly line: number; readonly column: number } {
  if (indexed.code !== code) indexed = { code, starts: lineStarts(code) };
  const { starts } = indexed;
  let line = 0;
  for (let beyond = starts.length; beyond - line > 1;) {
    const middle = (line + beyond) >> 1;
    if ((starts[middle] ?? 0) <= offset) line = middle;
    else beyond = middle;
  }
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}

/** The lines of the text asked about last: a file's callsites are asked about one after the other. */
let indexed: { readonly code: string; readonly starts: readonly number[] } = { code: "", starts: [0] };

function lineStarts(code: string): readonly number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at !== -1; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The sentence of a diagnostic without its place, for hosts that print the place themselves. */
export function sentence({ code, message, fix }: Pick<Diagnostic, "code" | "message" | "fix">): string {
  return `dtracing(${code}): ${message}${fix === "" ? "" : `; ${fix}`}`;
}

/** `src/a.ts:7:12 dtracing(E004): …`, as a terminal shows it. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return `${diagnostic.file}:${diagnostic.line}:${diagnostic.column} ${sentence(diagnostic)}`;
}

/** The source line of a diagnostic with a marker below it. */
export function frameOf(code: string, { line, column, start, end }: Diagnostic): string {
  const text = code.split("\n")[line - 1]?.replace(/\r$/, "") ?? "";
  const length = Math.max(1, Math.min(end - start, text.length - column + 1));
  const indent = text.slice(0, column - 1).replaceAll(/[^\t]/g, " ");
  return `${String(line).padStart(5)} | ${text}\n      | ${indent}${"^".repeat(length)}`;
}

/** Diagnostics with their frames, for hosts that show no frame, or only one, by themselves. */
export function formatWithFrames(diagnostics: readonly Diagnostic[], code: string): string {
  return diagnostics.map((one) => `${formatDiagnostic(one)}\n${frameOf(code, one)}`).join("\n");
}

/** The candidate closest to a misspelt name, for "did you mean". */
export function closest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
