/** The five levels and the filters over them, as Rust's `Level` and `LevelFilter`: a more verbose level is a greater number. */

/** The five levels, ERROR = 1 to TRACE = 5. */
export const Level = { ERROR: 1, WARN: 2, INFO: 3, DEBUG: 4, TRACE: 5 } as const;
/** A level, 1 (ERROR) to 5 (TRACE). */
export type Level = (typeof Level)[keyof typeof Level];

/** The levels a filter lets through: `OFF` = 0, or everything up to a level. */
export const LevelFilter = { OFF: 0, ERROR: 1, WARN: 2, INFO: 3, DEBUG: 4, TRACE: 5 } as const;
/** 0 (nothing) to 5 (everything). */
export type LevelFilter = (typeof LevelFilter)[keyof typeof LevelFilter];

/** A level as people write it in code: lower or upper case. */
export type LevelName = "error" | "warn" | "info" | "debug" | "trace" | "ERROR" | "WARN" | "INFO" | "DEBUG" | "TRACE";

const names = ["OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"] as const;

/** The upper case name of a level, `"OFF"` for 0. */
export function levelName(level: LevelFilter): (typeof names)[number] {
  return names[level];
}

/** A level from its name in any case or its digit; throws an Error that names the value and the legal ones. */
export function parseLevel(text: string): Level {
  const level = lookup(text);
  if (level > 0) return level as Level;
  throw new Error(`unknown level "${text}": use error, warn, info, debug, trace or 1 to 5`);
}

/** As `parseLevel`, and `off` or `0`. */
export function parseLevelFilter(text: string): LevelFilter {
  const level = lookup(text);
  if (level >= 0) return level as LevelFilter;
  throw new Error(`unknown level "${text}": use off, error, warn, info, debug, trace or 0 to 5`);
}

function lookup(text: string): number {
  const name = text.trim().toUpperCase();
  return /^[0-5]$/.test(name) ? Number(name) : (names as readonly string[]).indexOf(name);
}
