import type { Node } from "../parse.ts";
import { eachChild, isFunction, type FunctionNode } from "../syntax.ts";

/** The names that a function's parameters bind, those of destructured ones included; TypeScript's `this` is none. */
export function parameterNames(fn: FunctionNode): readonly string[] {
  return fn.params.flatMap(namesIn).filter((name) => name !== "this");
}

function namesIn(pattern: Node): readonly string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    case "TSParameterProperty":
      return namesIn(pattern.parameter);
    default:
      return [];
  }
}

/** A name that a body declares as a function and once more: legal there, but not in the block it becomes. */
export function declaredTwice(fn: FunctionNode): string | undefined {
  if (fn.body?.type !== "BlockStatement") return undefined;
  const functions = fn.body.body.flatMap((one) => (one.type === "FunctionDeclaration" && one.id ? [one.id.name] : []));
  if (functions.length === 0) return undefined;
  const vars = new Set<string>();
  const collect = (node: Node): void => {
    if (isFunction(node)) return;
    if (node.type === "VariableDeclaration" && node.kind === "var") {
      for (const { id } of node.declarations) if (id.type === "Identifier") vars.add(id.name);
    }
    eachChild(node, collect);
  };
  fn.body.body.forEach(collect);
  return functions.find((name, index) => vars.has(name) || functions.indexOf(name) !== index);
}
