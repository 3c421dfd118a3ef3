import type { Node } from "../parse.ts";
import { isConstant, type Scopes } from "../scope.ts";
import { stringValue, unwrap } from "../syntax.ts";

/**
 * The string that an expression has at build time: a literal, a template without holes, a sum of such, or a
 * `const` of this file that holds one. Constants of other files are not followed: a file is transformed alone.
 */
export function constantString(node: Node, scopes: Scopes): string | undefined {
  const value = unwrap(node);
  switch (value.type) {
    case "Literal":
      return typeof value.value === "number" ? String(value.value) : stringValue(value);
    case "TemplateLiteral":
      return stringValue(value);
    case "BinaryExpression": {
      if (value.operator !== "+") return undefined;
      const left = constantString(value.left, scopes);
      const right = constantString(value.right, scopes);
      return left === undefined || right === undefined ? undefined : left + right;
    }
    case "Identifier": {
      const binding = scopes.bindingOf(value);
      if (binding?.declaration.type !== "VariableDeclarator" || !isConstant(binding)) return undefined;
      const { id, init, parent } = binding.declaration;
      const isConst = parent?.type === "VariableDeclaration" && parent.kind === "const";
      return isConst && id.type === "Identifier" && init !== null ? constantString(init, scopes) : undefined;
    }
    default:
      return undefined;
  }
}
