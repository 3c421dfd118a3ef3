import type { CataloguedField } from "../../runtime/usdt/catalogue.ts";
import type { Node } from "../parse.ts";
import { unwrap } from "../syntax.ts";

const comparisons = /^([!=]==?|[<>]=?|in|instanceof)$/;
const textual = /^(toString|toISOString|toJSON|toUpperCase|toLowerCase|trim|join|stringify|toFixed)$/;

/** What an expression's own text says of its type; `value` where it says nothing. */
export function fieldType(node: Node): CataloguedField["type"] {
  const value = unwrap(node);
  switch (value.type) {
    case "Literal":
      if (typeof value.value === "boolean") return "boolean";
      if (typeof value.value === "string") return "text";
      return typeof value.value === "number" && Number.isInteger(value.value) ? "integer" : "value";
    case "TemplateLiteral":
      return "text";
    case "UnaryExpression":
      return value.operator === "!" ? "boolean" : value.operator === "typeof" ? "text" : "value";
    case "BinaryExpression":
      if (comparisons.test(value.operator)) return "boolean";
      return value.operator === "+" && [value.left, value.right].some((side) => fieldType(side) === "text")
        ? "text"
        : "value";
    case "MemberExpression":
      return !value.computed && (value.property as { name?: string }).name === "length" ? "integer" : "value";
    case "CallExpression": {
      const callee = unwrap(value.callee);
      if (callee.type === "Identifier") {
        return callee.name === "String" ? "text" : callee.name === "Boolean" ? "boolean" : "value";
      }
      const method = callee.type === "MemberExpression" && !callee.computed ? callee.property : undefined;
      return textual.test((method as { name?: string } | undefined)?.name ?? "") ? "text" : "value";
    }
    default:
      return "value";
  }
}
