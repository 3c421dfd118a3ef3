import type { Callsite } from "../callsite/callsite.ts";
import type { Edit } from "../edit.ts";
import type { Node } from "../parse.ts";
import { parentheses } from "./call.ts";
import type { Names } from "./names.ts";
import { idleDeclaration, isTightOperand, positionOfCall, remainder } from "./position.ts";
import { rewrite } from "./rewrite.ts";

/** What is left of a call that is not in the build: nothing, or the value it would have had. */
export function stripCall(callsite: Callsite, names: Names, code: string, isUnused: (id: Node) => boolean): Edit {
  const { call, kind } = callsite;
  const position = positionOfCall(call);
  const statement =
    position.kind === "statement" ? position.statement : kind === "span" ? idleDeclaration(call, isUnused) : undefined;
  if (statement !== undefined) return stripStatement(statement, code);
  const needs = position.kind === "expression" && isTightOperand(call) ? position.needs : "nothing";
  const { open, close } = parentheses[needs];
  if (position.kind === "embedded" || kind === "event") return around(call, `${open}void`, " ", `0${close}`, code);
  switch (kind) {
    case "span":
      return rewrite(code, call.start, call.end, names.runtime, ".none");
    case "enabled":
      // The line breaks of a long call go where no semicolon is inserted.
      return code.slice(call.start, call.end).includes("\n")
        ? rewrite(code, call.start, call.end, `${open}!`, `1${close}`)
        : rewrite(code, call.start, call.end, "false");
  }
}

/** Removes a whole statement of a list. */
export function stripStatement(statement: Node, code: string): Edit {
  return rewrite(code, statement.start, statement.end, remainder(statement, code));
}

function around(call: Node, before: string, space: string, after: string, code: string): Edit {
  const edit = rewrite(code, call.start, call.end, before, after);
  return edit.text === before + after ? { ...edit, text: before + space + after } : edit;
}
