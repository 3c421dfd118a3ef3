import type { Callsite } from "../callsite/callsite.ts";
import type { Edit } from "../edit.ts";
import { guardOf, type Slot } from "./guard.ts";
import type { Names } from "./names.ts";
import { positionOfCall } from "./position.ts";
import { rewrite, rewriteComma } from "./rewrite.ts";

/** The expansion of a call that stays in the build: a guard, and behind it the call with its arguments in place. */
export function expandCall(callsite: Callsite, slot: Slot, names: Names, code: string): readonly Edit[] {
  const { runtime, sites } = names;
  const position = positionOfCall(callsite.call);
  const guard = guardOf(slot, names);
  const { open, close } = parentheses[position.kind === "expression" ? position.needs : "nothing"];
  const decide = (macro: string): string => `${runtime}.${macro}(${sites}, ${slot.index}`;
  const isDynamic = callsite.dynamicLevel !== undefined;
  switch (callsite.kind) {
    case "event":
      if (isDynamic) return withArguments(callsite, decide("dynamicEvent"), "", code);
      return position.kind === "expression"
        ? withArguments(callsite, `${open}${guard} ? ${decide("event")}`, ` : void 0${close}`, code)
        : withArguments(callsite, `${guard} && ${decide("event")}`, "", code);
    case "span": {
      const none = ` || ${runtime}.none${close}`;
      if (isDynamic) return withArguments(callsite, `${open}${decide("dynamicSpan")}`, none, code);
      return withArguments(callsite, `${open}${guard} && ${decide("span")}`, none, code);
    }
    case "enabled":
      if (isDynamic) return aroundLevel(callsite, `${open}${decide("dynamicEvent")}`, `) !== void 0${close}`, code);
      return [
        rewrite(code, callsite.call.start, callsite.call.end, `${open}${guard} && ${decide("enabled")}`, `)${close}`),
      ];
  }
}

/** What stands around an expansion, by what its place needs. */
export const parentheses = {
  nothing: { open: "", close: "" },
  parentheses: { open: "(", close: ")" },
  "semicolon and parentheses": { open: ";(", close: ")" },
} as const;

/** `head)?.(values)tail`, where head ends open so that a dynamic level can be its last argument. */
function withArguments(callsite: Callsite, head: string, tail: string, code: string): readonly Edit[] {
  const { call, dynamicLevel } = callsite;
  const edits: Edit[] = [];
  let at = call.start;
  let text = `${head}${dynamicLevel === undefined ? "" : ", "}`;
  const upTo = (hole: { readonly start: number; readonly end: number }): void => {
    edits.push(text === "," ? rewriteComma(code, at, hole.start) : rewrite(code, at, hole.start, text));
    at = hole.end;
    text = "";
  };
  if (dynamicLevel !== undefined) upTo(dynamicLevel);
  text += ")?.(";
  callsite.values.forEach((value, position) => {
    if (position > 0) text += text === "" ? "," : ", ";
    // A value before the level could not stay in order; find() let only what can be read again through.
    if ("hole" in value && value.hole.start >= at) upTo(value.hole);
    else if ("hole" in value) text += code.slice(value.hole.start, value.hole.end);
    else if ("again" in value) text += value.again.name;
  });
  edits.push(rewrite(code, at, call.end, text, `)${tail}`));
  return edits;
}

function aroundLevel(callsite: Callsite, head: string, tail: string, code: string): readonly Edit[] {
  const { call, dynamicLevel: level } = callsite;
  if (level === undefined) return [];
  return [rewrite(code, call.start, level.start, `${head}, `), rewrite(code, level.end, call.end, "", tail)];
}
