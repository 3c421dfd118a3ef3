/** The arguments of a callsite's own probes, by position. */
import type { CataloguedCallsite, CataloguedField } from "../runtime/usdt/catalogue.ts";
import { closeSuffix } from "../runtime/usdt/probe-name.ts";
import { eventFields, spanFields } from "../runtime/usdt/shared.ts";

/** `type` is `json` for all fields at once; see `CataloguedField` for `value`. */
export interface ProbeArgument {
  readonly at: number;
  readonly name: string;
  readonly type: CataloguedField["type"] | "json";
}

/** A probe of a callsite and what it is given. */
export interface OwnProbe {
  readonly name: string;
  readonly arguments: readonly ProbeArgument[];
}

/** What spans' ends are given, the shared probe as well as each callsite's own. */
const closeArguments: readonly ProbeArgument[] = [
  { at: 0, name: "id", type: "integer" },
  { at: 1, name: "name", type: "text" },
  { at: 2, name: "busy_ns", type: "integer" },
  { at: 3, name: "total_ns", type: "integer" },
];

/** One probe for an event, two for a span: its making and its end. */
export function ownProbes({ kind, probe, fields }: CataloguedCallsite): readonly OwnProbe[] {
  if (probe === undefined) return [];
  const json = { at: 5, name: "fields", type: "json" } as const;
  const placed = (from: number, count: number): readonly ProbeArgument[] =>
    fields.slice(0, count).map(({ name, type }, index) => ({ at: from + index, name, type }));
  if (kind === "event") {
    return [{ name: probe, arguments: [{ at: 0, name: "message", type: "text" }, ...placed(1, eventFields), json] }];
  }
  const ids = ["id", "parent"].map((name, at) => ({ at, name, type: "integer" }) as const);
  return [
    { name: probe, arguments: [...ids, ...placed(2, spanFields), json] },
    { name: probe + closeSuffix, arguments: closeArguments },
  ];
}

/** The probes that callsites share. */
export const sharedProbes: Readonly<Record<string, string>> = {
  event: "callsite integer, level integer, span integer, target text, message text, fields json",
  new_span: "id integer, parent integer, name text, target text, callsite integer, fields json",
  enter: "id integer, name text",
  exit: "id integer, name text",
  close: "id integer, name text, busy_ns integer, total_ns integer",
  record: "id integer, name text, fields json",
};
