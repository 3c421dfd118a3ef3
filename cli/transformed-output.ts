/** What a build for browsers says of itself: there is no catalogue beside it, but its modules register theirs. */
import { readFileSync, statSync } from "node:fs";

/** The head of a module's table, as generated and as minifiers leave it: its file, a hash, its target and the callsites' codes. */
const table = /\[\s*["'`]([^"'`\n]+)["'`],\s*["'`][0-9a-f]{8}["'`],\s*["'`][^"'`\n]*["'`],\s*["'`][1-5a-eq-u]+["'`]/g;
/** Nobody's bundle is larger, and what is would take long to read. */
const largest = 20_000_000;

/** The source files whose callsites are in any of the built files. */
export function reachedFiles(files: readonly string[]): ReadonlySet<string> {
  const built = files.filter((file) => /\.[cm]?js$/.test(file) && statSync(file).size <= largest);
  return new Set(
    built.flatMap((file) => [...readFileSync(file, "utf8").matchAll(table)].map(([, source]) => source as string)),
  );
}
