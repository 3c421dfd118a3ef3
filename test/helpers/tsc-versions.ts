/** The two compilers that the graft is tested with; the second is installed on first use, outside of the root. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";
import { installed } from "./install.ts";

export const repository: string = join(import.meta.dirname, "../..");

/** A TypeScript with the ts-patch that belongs to it. */
export interface Pair {
  readonly ts: typeof ts;
  /** The folder whose node_modules has both. */
  readonly folder: string;
}

function pairAt(folder: string): Pair {
  const require = createRequire(join(folder, "package.json"));
  return { ts: require("typescript") as typeof ts, folder };
}

export const pairs: readonly Pair[] = [
  pairAt(repository),
  pairAt(installed(join(repository, "fixtures/hosts/typescript-6"))),
];
