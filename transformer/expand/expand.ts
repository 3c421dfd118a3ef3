import type { Bindings } from "../bindings.ts";
import type { Callsite } from "../callsite/callsite.ts";
import { isFresh, type Instrumented, type Instruments } from "../callsite/find-instrumented.ts";
import { sortEdits, type Edit } from "../edit.ts";
import type { Node, Program } from "../parse.ts";
import { isHoisted } from "../syntax.ts";
import { activate } from "./activate.ts";
import { activatedFunctions } from "./activated.ts";
import { expandCall } from "./call.ts";
import type { Slot } from "./guard.ts";
import { dropUnused } from "./imports.ts";
import { chooseNames } from "./names.ts";
import { canBeInCycle, moduleKind, prologue, prologueOffset, type Needs } from "./prologue.ts";
import { sitesFunction, type Table } from "./sites.ts";
import { survey } from "./survey.ts";
import { rewrite } from "./rewrite.ts";
import { stripCall, stripStatement } from "./strip.ts";

/** What an expansion has to know of the module around the callsites. */
export interface Module {
  readonly code: string;
  readonly file: string;
  readonly target: string;
  readonly program: Program;
  readonly isModule: boolean;
  readonly bindings: Bindings;
  readonly probes?: 0 | 1 | undefined;
}

/** Text without which {@link survey} finds no entry of a span by hand. */
const entersSpans = /enter|setDefault/;

/** Turns callsites into edits: each call in place, the imports they made unused, the prologue, the metadata. */
export function expand(
  callsites: readonly Callsite[],
  { functions: instrumented, requests }: Instruments,
  table: Table,
  module: Module,
): readonly Edit[] {
  const { code, program, bindings } = module;
  const names = chooseNames(code);
  const kind = moduleKind(program, module.isModule);
  const inCycle = canBeInCycle(program, kind);
  const edits: Edit[] = [];
  const rows = table.callsites;
  const slots = slotsOf(rows, inCycle);
  const slotOf = (callsite: Callsite): Slot => slots.get(callsite) ?? { index: -1, isEarly: false };
  for (const callsite of callsites) {
    edits.push(
      ...(callsite.levels.length === 0
        ? [stripCall(callsite, names, code, isUnused)]
        : expandCall(callsite, slotOf(callsite), names, code)),
    );
  }
  for (const request of requests) edits.push(removeRequest(request, code));
  const stripped = new Set(callsites.flatMap(({ call, levels }) => (levels.length === 0 ? [call] : [])));
  if (slots.size > 0 || entersSpans.test(code)) {
    const traits = survey(program, bindings, isFresh(code), stripped);
    const activated = activatedFunctions(rows, instrumented, traits, slotOf, names);
    if (activated.size > 0) edits.push(...activate(module, activated, names, edits));
  }
  edits.push(...dropUnused(bindings, edits, readAgain(callsites), code));
  if (edits.some((edit) => edit.text.includes(names.runtime))) {
    const offset = prologueOffset(program);
    edits.unshift({ start: offset, end: offset, text: prologue(kind, names, needsOf(rows, slotOf)) });
  }
  if (slots.size > 0) {
    const end = code.length;
    edits.push({ start: end, end, text: (code.endsWith("\n") ? "" : "\n") + sitesFunction(table, module, names) });
  }
  return sortEdits(edits);

  function isUnused(id: Node): boolean {
    return bindings.scopes.bindingOf(id)?.references.length === 0;
  }
}

/** The rows of an instrumented function: its span, and the events of its results. */
export function rowsOf({ span, err, ret }: Instrumented): readonly Callsite[] {
  return [span, err, ret].filter((row) => row !== undefined);
}

function slotsOf(rows: readonly Callsite[], inCycle: boolean): ReadonlyMap<Callsite, Slot> {
  const slots = new Map<Callsite, Slot>();
  let index = 0;
  for (const row of rows) {
    if (row.levels.length > 0) slots.set(row, { index, isEarly: inCycle && isHoisted(row.call) });
    index += row.levels.length;
  }
  return slots;
}

function needsOf(rows: readonly Callsite[], slotOf: (callsite: Callsite) => Slot): Needs {
  const inBuild = rows.filter(({ levels }) => levels.length > 0);
  const guarded = inBuild.filter(({ dynamicLevel }) => dynamicLevel === undefined);
  const cells = guarded.length > 0 ? "guards" : inBuild.length > 0 ? "only dynamic levels" : "nothing";
  return { cells, up: guarded.some((row) => slotOf(row).isEarly) };
}

/** A decorator leaves nothing; a statement leaves what a stripped one does. */
function removeRequest(request: Node, code: string): Edit {
  return request.type === "ExpressionStatement"
    ? stripStatement(request, code)
    : rewrite(code, request.start, request.end, "");
}

/** The constants that expansions read once more than the source did. */
function readAgain(callsites: readonly Callsite[]): ReadonlySet<Node> {
  const written = callsites.filter(({ kind, levels }) => kind !== "enabled" && levels.length > 0);
  return new Set(written.flatMap(({ values }) => values.flatMap((value) => ("again" in value ? [value.again] : []))));
}
