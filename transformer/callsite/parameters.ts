import type { Node } from "../parse.ts";
import type { FunctionNode } from "../syntax.ts";

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
