import type { CataloguedField, ModuleCallsites } from "../../runtime/usdt/catalogue.ts";
import { messageEntry, openEntry, parentEntry, type Callsite, type Value } from "../callsite/callsite.ts";
import { fieldType } from "./field-type.ts";

/** A transformed module as its table names it: the file, the hash of its source and rows, the target. */
export interface ModuleKey {
  readonly file: string;
  readonly hash: string;
  readonly target: string;
}

/** What a module contributes to the catalogue: an entry for each row of its table, in the same order, and what is not in it. */
export function moduleCallsites(key: ModuleKey, callsites: readonly Callsite[]): ModuleCallsites {
  return {
    ...key,
    callsites: callsites.flatMap((callsite) => callsite.levels.map((level) => entryOf(callsite, level, key.file))),
    stripped: callsites.flatMap((callsite) =>
      callsite.stripped.map((level) => ({ ...entryOf(callsite, level, key.file), staticMax: callsite.staticMax })),
    ),
  };
}

function entryOf(
  callsite: Callsite,
  level: Callsite["levels"][number],
  file: string,
): ModuleCallsites["callsites"][number] {
  const { kind, name, text, target, line, column, values } = callsite;
  const own = [parentEntry, openEntry, ...(kind === "span" ? [] : [messageEntry])];
  return {
    kind,
    name: kind === "span" ? (text ?? "") : (name ?? `event ${file}:${line}`),
    target,
    level,
    ...(kind === "event" && text !== undefined ? { message: text } : {}),
    fields: values.filter(({ entry }) => !own.includes(entry)).map(fieldOf),
    ...(values.some(({ entry }) => entry === openEntry) ? { open: true } : {}),
    line,
    column,
    ...(callsite.function === undefined ? {} : { function: callsite.function }),
  };
}

function fieldOf(value: Value): CataloguedField {
  return { name: value.entry, type: "hole" in value ? fieldType(value.hole) : "value" };
}
