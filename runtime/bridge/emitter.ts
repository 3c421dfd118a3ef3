/** Emits events for code that was not written with the macros: a callsite for each target and level. */
import type { Level } from "../level.ts";
import type { Module } from "../callsite.ts";
import { callsiteAt } from "../callsite.ts";
import { register } from "../module.ts";
import { eventAt } from "../decide.ts";
import { textOfRows } from "../table.ts";

/** Emits an event with a message and an object of fields, if somebody wants it. */
export type Emitter = (level: Level, message: unknown, fields?: unknown) => void;

const modules = /*#__PURE__*/ new Map<string, Module>();
/** Targets that are computed could be many; what was not used for long is registered again. */
const most = 10_000;

const rows = /*#__PURE__*/ textOfRows(
  ([1, 2, 3, 4, 5] as const).map((level) => ["event", level, null, null, ["message", "..."]]),
);

/** The emitter of a target. */
export function emitter(target: string): Emitter {
  return (level, message, fields) => {
    let module = modules.get(target);
    if (module === undefined) {
      if (modules.size >= most) modules.clear();
      module = register(["bridge", target, target, ...rows, 0]);
      modules.set(target, module);
    }
    const callsite = callsiteAt(module, level - 1);
    if (callsite.interest !== 0) eventAt(callsite)?.(message, fields);
  };
}
