/** What a filter cannot do in a build: the same that a program says of its own. */
import { readFileSync } from "node:fs";
import { doubtsOf } from "../runtime/subscriber/env/doubts.ts";
import { parseFilter } from "../runtime/subscriber/env/parse.ts";
import type { Catalogue } from "../runtime/usdt/catalogue.ts";

/** Something that is wrong, or may be if nothing else is loaded. */
export interface FilterProblem {
  readonly text: string;
  readonly isCertain: boolean;
}

/** The problems of a filter in builds with these catalogue files; none means that it says what it can. */
export function checkFilter(filter: string, files: readonly string[]): readonly FilterProblem[] {
  const problems: FilterProblem[] = [];
  const directives = parseFilter(filter, ({ message }) => void problems.push({ text: message, isCertain: true }));
  const catalogues = files.flatMap((file) => {
    const read = JSON.parse(readFileSync(file, "utf8")) as Partial<Catalogue>;
    if (read.stripped && read.callsites) return read as Catalogue;
    problems.push({
      text: `${file} is of an older version and says nothing of a filter; build again`,
      isCertain: false,
    });
    return [];
  });
  return [...problems, ...doubtsOf(directives, catalogues)];
}
