import type { Bindings } from "../bindings.ts";
import type { Callsite } from "../callsite/callsite.ts";
import { sortEdits, type Edit } from "../edit.ts";
import type { Node, Program } from "../parse.ts";
import { isHoisted } from "../syntax.ts";
import { expandCall } from "./call.ts";
import { dropUnused } from "./imports.ts";
import { chooseNames } from "./names.ts";
import { canBeInCycle, moduleKind, prologue, prologueOffset, type Needs } from "./prologue.ts";
import { sitesFunction } from "./sites.ts";
import { stripCall } from "./strip.ts";

/** What an expansion has to know of the module around the callsites. */
export interface Module {
  readonly code: string;
  readonly file: string;
  readonly target: string;
  readonly program: Program;
  readonly isModule: boolean;
  readonly bindings: Bindings;
}

/** Turns callsites into edits: each call in place, the imports they made unused, the prologue, the metadata. */
export function expand(callsites: readonly Callsite[], module: Module): readonly Edit[] {
  const { code, program, bindings } = module;
  const names = chooseNames(code);
  const kind = moduleKind(program, module.isModule);
  const inCycle = canBeInCycle(program, kind);
  const edits: Edit[] = [];
  let index = 0;
  let needs: Needs = { cells: "nothing", up: false };
  for (const callsite of callsites) {
    if (callsite.levels.length === 0) {
      edits.push(stripCall(callsite, names, code, isUnused));
      continue;
    }
    const isEarly = inCycle && isHoisted(callsite.call);
    if (callsite.dynamicLevel === undefined) {
      needs = { cells: "guards", up: needs.up || isEarly };
    } else if (needs.cells === "nothing") needs = { ...needs, cells: "only dynamic levels" };
    edits.push(...expandCall(callsite, { index, isEarly }, names, code));
    index += callsite.levels.length;
  }
  edits.push(...dropUnused(bindings, edits, readAgain(callsites), code));
  if (edits.some((edit) => edit.text.includes(names.runtime))) {
    const offset = prologueOffset(program);
    edits.push({ start: offset, end: offset, text: prologue(kind, names, needs) });
  }
  if (index > 0) {
    const end = code.length;
    edits.push({ start: end, end, text: (code.endsWith("\n") ? "" : "\n") + sitesFunction(callsites, module, names) });
  }
  return sortEdits(edits);

  function isUnused(id: Node): boolean {
    return bindings.scopes.bindingOf(id)?.references.length === 0;
  }
}

/** The constants that expansions read once more than the source did. */
function readAgain(callsites: readonly Callsite[]): ReadonlySet<Node> {
  const written = callsites.filter(({ kind, levels }) => kind !== "enabled" && levels.length > 0);
  return new Set(written.flatMap(({ values }) => values.flatMap((value) => ("again" in value ? [value.again] : []))));
}
