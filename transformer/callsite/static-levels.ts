import type { Level } from "../../runtime/level.ts";
import { staticMaxLevel, type ResolvedOptions } from "../options.ts";
import type { Callsite } from "./callsite.ts";

/** Which of the levels that a call can have stay in the build. */
export function staticLevels(
  levels: readonly Level[],
  target: string,
  options: ResolvedOptions,
): Pick<Callsite, "levels" | "stripped" | "staticMax"> {
  const staticMax = staticMaxLevel(target, options);
  return {
    levels: levels.filter((level) => level <= staticMax),
    stripped: levels.filter((level) => level > staticMax),
    staticMax,
  };
}
