/** Patterns: what they declare, and what they assign to. */
import type { Node } from "./parse.ts";
import type { Scope } from "./scope-names.ts";
import type { ScopeWalk } from "./scope-walk.ts";

/** Declares every name of a pattern in `target`, and visits its defaults and computed keys in `scope`. */
function declarePattern(pattern: Node, declaration: Node, target: Scope, scope: Scope, walk: ScopeWalk): void {
  const { names, visit, visitKeys } = walk;
  switch (pattern.type) {
    case "Identifier":
      names.declare(pattern, declaration, target);
      visitKeys(pattern, ["decorators", "typeAnnotation"], scope, false);
      return;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        setParent(property, pattern);
        if (property.type === "RestElement")
          declareChild(property, property.argument, declaration, target, scope, walk);
        else {
          if (property.computed) visitKeys(property, ["key"], scope, false);
          declareChild(property, property.value, declaration, target, scope, walk);
        }
      }
      visitKeys(pattern, ["decorators", "typeAnnotation"], scope, false);
      return;
    case "ArrayPattern":
      for (const element of pattern.elements) {
        if (element !== null) declareChild(pattern, element, declaration, target, scope, walk);
      }
      visitKeys(pattern, ["decorators", "typeAnnotation"], scope, false);
      return;
    case "AssignmentPattern":
      declareChild(pattern, pattern.left, declaration, target, scope, walk);
      visitKeys(pattern, ["right"], scope, false);
      return;
    case "RestElement":
      declareChild(pattern, pattern.argument, declaration, target, scope, walk);
      visitKeys(pattern, ["typeAnnotation"], scope, false);
      return;
    case "TSParameterProperty":
      visitKeys(pattern, ["decorators"], scope, false);
      declareChild(pattern, pattern.parameter, declaration, target, scope, walk);
      return;
    default:
      visit(pattern, scope, false);
  }
}

export function declareChild(
  parent: Node,
  child: Node,
  declaration: Node,
  target: Scope,
  scope: Scope,
  walk: ScopeWalk,
): void {
  setParent(child, parent);
  declarePattern(child, declaration, target, scope, walk);
}

/** What is assigned to: an identifier is a write, a pattern holds writes, anything else is only read. */
export function visitTarget(parent: Node, target: Node, scope: Scope, walk: ScopeWalk): void {
  const { names, visit, visitKeys } = walk;
  setParent(target, parent);
  switch (target.type) {
    case "Identifier":
      names.refer(target, scope, false, true);
      return;
    case "ObjectPattern":
      for (const property of target.properties) {
        setParent(property, target);
        if (property.type === "RestElement") visitTarget(property, property.argument, scope, walk);
        else {
          if (property.computed) visitKeys(property, ["key"], scope, false);
          visitTarget(property, property.value, scope, walk);
        }
      }
      return;
    case "ArrayPattern":
      for (const element of target.elements) if (element !== null) visitTarget(target, element, scope, walk);
      return;
    case "AssignmentPattern":
      visitTarget(target, target.left, scope, walk);
      visitKeys(target, ["right"], scope, false);
      return;
    case "RestElement":
      visitTarget(target, target.argument, scope, walk);
      return;
    default:
      visit(target, scope, false);
  }
}

export function setParent(node: Node, parent: Node): void {
  (node as { parent?: Node }).parent = parent;
}
