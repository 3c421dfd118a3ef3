/** The source of the values that an instrumented function records. */
import type { Node } from "../parse.ts";
import type { FunctionNode } from "../syntax.ts";
import type { TextValue } from "./instrument.ts";

/** The source of a field's value; a function is called with the arguments and the `this` of `fn`. */
export function valueOf({ text, calls }: TextValue, fn: FunctionNode): string {
  if (calls === undefined) return text;
  const names = fn.params.map((parameter, index) => argumentOf(parameter, index, fn)).join(", ");
  return calls === "arrow" ? `(${text})(${names})` : `(${text}).call(this${names === "" ? "" : `, ${names}`})`;
}

/**
 * A parameter as an argument. Only what was taken apart is read from `arguments`, which an arrow function has none
 * of, and which tsc would have to know of to lower it with an async function.
 */
function argumentOf(parameter: Node, index: number, fn: FunctionNode): string {
  switch (parameter.type) {
    case "Identifier":
      return parameter.name;
    case "AssignmentPattern":
      return argumentOf(parameter.left, index, fn);
    case "TSParameterProperty":
      return argumentOf(parameter.parameter, index, fn);
    case "RestElement":
      return `...${argumentOf(parameter.argument, index, fn)}`;
    default:
      return fn.type === "ArrowFunctionExpression" ? "undefined" : `arguments[${index}]`;
  }
}
