/** What the functions of a file do, as far as it decides whether and how they carry spans. */
import type { Bindings } from "../bindings.ts";
import type { Node, Program } from "../parse.ts";
import { eachValue, isFunction, memberName, unwrap } from "../syntax.ts";

/** One function, or the module itself. */
export interface Traits {
  /** It has a suspension point of its own. */
  suspends: boolean;
  /** It may enter a span, or set a default, by hand. */
  enters: boolean;
  /** It returns from inside a `try` with a `finally`, which can throw the result away. */
  canDropResult: boolean;
}

export type Survey = ReadonlyMap<Node, Traits>;

/**
 * Walks the program once. Nested functions are none of the outer one's business; what was transformed before enters
 * nothing, and neither do the spans that are `stripped`.
 */
export function survey(program: Program, bindings: Bindings, isFresh: boolean, stripped: ReadonlySet<Node>): Survey {
  const found = new Map<Node, Traits>();
  walk(program, traitsOf(program), false);
  return found;

  function traitsOf(node: Node): Traits {
    const traits = { suspends: false, enters: false, canDropResult: false };
    found.set(node, traits);
    return traits;
  }

  function walk(node: Node, traits: Traits, isGuarded: boolean): void {
    if (isFunction(node)) return eachValue(node, (child) => walk(child, found.get(node) ?? traitsOf(node), false));
    switch (node.type) {
      case "AwaitExpression":
      case "YieldExpression":
        traits.suspends = true;
        break;
      case "ForOfStatement":
        if (node.await) traits.suspends = true;
        break;
      case "VariableDeclaration":
        if (node.kind === "await using") traits.suspends = true;
        break;
      case "CallExpression":
        if (isFresh && isEntry(node)) traits.enters = true;
        break;
      case "ReturnStatement":
        if (isGuarded) traits.canDropResult = true;
        break;
      case "TryStatement":
        if (node.finalizer) isGuarded = true;
        break;
      default:
    }
    eachValue(node, (child) => walk(child, traits, isGuarded));
  }

  /** `span.enter()`, `span.entered()` and our `setDefault(…)`. */
  function isEntry(call: Node & { readonly type: "CallExpression" }): boolean {
    const callee = unwrap(call.callee);
    const name = memberName(callee);
    if (callee.type !== "MemberExpression" || (name !== "enter" && name !== "entered") || call.arguments.length > 0)
      return bindings.exportOf(callee) === "setDefault";
    return !isStripped(unwrap(callee.object));
  }

  function isStripped(value: Node): boolean {
    if (stripped.has(value)) return true;
    const declaration = value.type === "Identifier" ? bindings.scopes.bindingOf(value)?.declaration : undefined;
    return (
      declaration?.type === "VariableDeclarator" && declaration.init !== null && stripped.has(unwrap(declaration.init))
    );
  }
}
