import type { Diagnostics } from "../diagnostics.ts";
import type { Node } from "../parse.ts";
import { childrenOf, isFunction } from "../syntax.ts";
import type { Callsite } from "./callsite.ts";

/**
 * Warns where stripping a call removes something that certainly has an effect: an assignment, `++`, `delete`,
 * `await` or `yield`. A call is not one: leaving costly calls out is what stripping is for.
 */
export function warnOfEffects(callsite: Callsite, code: string, diagnostics: Diagnostics): void {
  const holes = callsite.values.flatMap((value) => ("hole" in value ? [value.hole] : []));
  for (const hole of callsite.dynamicLevel === undefined ? holes : [callsite.dynamicLevel, ...holes]) {
    const effect = firstEffect(hole);
    if (effect !== undefined) diagnostics.add("W001", effect, code.slice(effect.start, effect.end));
  }
}

function firstEffect(node: Node): Node | undefined {
  if (isEffect(node)) return node;
  if (isFunction(node)) return undefined;
  for (const child of childrenOf(node)) {
    const effect = firstEffect(child);
    if (effect !== undefined) return effect;
  }
  return undefined;
}

function isEffect(node: Node): boolean {
  switch (node.type) {
    case "AssignmentExpression":
    case "UpdateExpression":
    case "AwaitExpression":
    case "YieldExpression":
      return true;
    case "UnaryExpression":
      return node.operator === "delete";
    default:
      return false;
  }
}
