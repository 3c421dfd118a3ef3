/** A level per target, as Rust's `Targets`: `"info,app::db=debug,app::http=off"`. */
import type { LevelFilter, LevelName } from "../level.ts";
import type { StaticFilter } from "./static-filter.ts";
import { levelName, parseLevelFilter } from "../level.ts";
import { filterByTarget } from "./static-filter.ts";

/** A filter by target; prints as the text it could be parsed from. */
export interface Targets extends StaticFilter {
  /** The level of the most specific entry that is a prefix of the target, by segments. */
  levelOf(target: string): LevelFilter;
  toString(): string;
}

type LevelText = LevelFilter | LevelName | "off" | "OFF";

/**
 * From text, or from data. `app::db` stands for `app::db` and `app::db::users`, not for `app::dbx`; a target without
 * a level is `trace`; targets in no entry get the default, which is off. Throws an Error with the position and value.
 */
export function targets(
  spec: string | { default?: LevelText; targets?: Readonly<Record<string, LevelText>> },
): Targets {
  const [fallback, entries] =
    typeof spec === "string"
      ? parse(spec)
      : [
          parseLevelFilter(`${spec.default ?? 0}`),
          Object.entries(spec.targets ?? {}).map(([target, level]) => entry(target, parseLevelFilter(`${level}`))),
        ];
  // the most specific first; of two for the same target the later one
  const sorted = entries.toReversed().sort((a, b) => b[0].length - a[0].length);
  const levelOf = (target: string): LevelFilter => sorted.find(([prefix]) => covers(prefix, target))?.[1] ?? fallback;
  const max = entries.reduce<LevelFilter>((max, [, level]) => (level > max ? level : max), fallback);
  return {
    ...filterByTarget(levelOf, max),
    levelOf,
    toString: () =>
      [
        ...(fallback || entries.length === 0 ? [levelName(fallback)] : []),
        ...sorted.map(([target, level]) => `${target}=${levelName(level)}`),
      ]
        .join(",")
        .toLowerCase(),
  };
}

type Entry = readonly [target: string, level: LevelFilter];

function entry(target: string, level: LevelFilter): Entry {
  return [target, level];
}

function parse(text: string): [LevelFilter, Entry[]] {
  let fallback: LevelFilter = 0;
  const entries: Entry[] = [];
  let column = 1;
  for (const raw of text.split(",")) {
    const part = raw.trim();
    const place = `column ${column + raw.length - raw.trimStart().length} of the filter "${text}"`;
    column += raw.length + 1;
    if (part === "") continue;
    const at = part.indexOf("=");
    if (at < 0 && /^([0-9]+|off|error|warn|info|debug|trace)$/i.test(part)) {
      fallback = levelAt(part, place);
      continue;
    }
    const target = (at < 0 ? part : part.slice(0, at)).trim();
    if (target === "" || /[\s[\]{}"]/.test(target)) {
      throw new Error(`invalid target "${target}" at ${place}: write target=level or a level`);
    }
    entries.push([target, at < 0 ? 5 : levelAt(part.slice(at + 1), place)]);
  }
  return [fallback, entries];
}

function levelAt(text: string, place: string): LevelFilter {
  try {
    return parseLevelFilter(text);
  } catch (error) {
    throw new Error(`${(error as Error).message}; at ${place}`, { cause: error });
  }
}

function covers(prefix: string, target: string): boolean {
  return (
    target.startsWith(prefix) && (target.length === prefix.length || /^(::|[./:])/.test(target.slice(prefix.length)))
  );
}
