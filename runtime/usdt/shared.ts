/** The probes that callsites share, and where they are in every probe file. */
import type { Level } from "../level.ts";
import { levelName } from "../level.ts";

/** One place for all callsites each, in the order of their stubs. */
export const shared = ["event", "new_span", "enter", "exit", "close", "record"] as const;

/** `event__info`: every event callsite of the level is a location of it. */
export function levelProbe(level: Level): string {
  return `event__${levelName(level).toLowerCase()}`;
}

/** The stub of a shared probe. */
export function sharedStub(name: (typeof shared)[number]): number {
  return shared.indexOf(name);
}

/** The first location of `event__<level>`, which never fires; see `Group`. */
export function levelStub(level: Level): number {
  return shared.length + level - 1;
}

/** The stub of the callsite of a cell; the second ones of spans, which fire when they close, follow all of them. */
export function callsiteStub(cell: number): number {
  return shared.length + 5 + cell;
}

/**
 * The words behind the cells. A tracer that attaches to a shared probe counts up its group's word only (bpftrace 0.17
 * does so too with a probe of many locations: it uses the first one's word for all of them), so the runtime looks at
 * these words from time to time and arms the callsites of the group.
 */
export const Group = { EVENT: 0, SPAN: 1, LEVEL: 1, THREADS: 7, COUNT: 8 } as const;

/** The argument of an event's own probe and of `event__<level>`: message, four fields, all fields as JSON. */
export const eventFields = 4;
/** The arguments of a span's own probe: id, parent, three fields, all fields as JSON. */
export const spanFields = 3;

/** The key under which a module finds its cells; the hash is of its source and its rows. */
export function keyOf(file: string, hash: string, target: string): string {
  return `${target}\n${file}\n${hash}`;
}
