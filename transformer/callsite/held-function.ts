/** The functions that declarations, members and expressions are or hold. */
import type { Node } from "../parse.ts";
import { isFunction, unwrap, type FunctionNode } from "../syntax.ts";

/** The methods and accessors of a class; its constructor is asked for by itself, in a comment. */
export function methodsOf(
  holder: Node & { readonly type: "ClassDeclaration" | "ClassExpression" },
): readonly FunctionNode[] {
  return holder.body.body.flatMap((member) =>
    member.type === "MethodDefinition" && member.kind === "constructor" ? [] : (methodOf(member) ?? []),
  );
}

/** The function of a class member: a method, an accessor, or a property that holds one. */
export function methodOf(member: Node): FunctionNode | undefined {
  switch (member.type) {
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty": {
      const value = member.value && unwrap(member.value);
      return value && isFunction(value) ? value : undefined;
    }
    default:
      return undefined;
  }
}

/** The function that a statement, property or expression is or holds. */
export function functionOf(node: Node): FunctionNode | undefined {
  const value = unwrap(node);
  if (isFunction(value)) return value;
  switch (value.type) {
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return value.declaration ? functionOf(value.declaration) : undefined;
    case "VariableDeclaration": {
      const init = value.declarations.length === 1 ? value.declarations[0]?.init : undefined;
      return init ? functionOf(init) : undefined;
    }
    case "ExpressionStatement":
      return functionOf(value.expression);
    case "AssignmentExpression":
      return functionOf(value.right);
    case "Property":
      return functionOf(value.value);
    default:
      return methodOf(value);
  }
}
