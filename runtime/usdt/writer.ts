/**
 * What writes probe files, for programs that are transformed as they are loaded. It is looked for when it is needed, where
 * they find this package, so that programs that were built do not ship it: it is half of what is here.
 */
import type * as Cache from "./cache.ts";
import { builtin } from "../platform.ts";
import { callerFolders } from "./find.ts";

type Require = (id: string) => unknown;

let known: typeof Cache | undefined;

/** The writer; throws why it is not found. */
export function writer(): typeof Cache {
  return (known ??= find());
}

function find(): typeof Cache {
  const name = "dtracing/internal/cache";
  const { createRequire } = builtin<{ createRequire(file: string): Require }>("module")!;
  const folders = callerFolders();
  for (const folder of folders) {
    try {
      return createRequire(`${folder}/_`)(name) as typeof Cache;
    } catch {
      // not a folder of a program that has this package
    }
  }
  throw new Error(`${name} is not found from ${folders.join(", ")}; install dtracing there, or build the program`);
}
