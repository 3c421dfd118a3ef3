/** Questions about single nodes of the syntax tree. Parents are set by {@link analyseScopes}. */
import { visitorKeys } from "oxc-parser";
import type { Node } from "./parse.ts";

/** The node itself without the wrappers that have no effect at run time: parentheses, `!`, `as`, `satisfies`. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case "ParenthesizedExpression":
    case "ChainExpression":
    case "TSNonNullExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** The outermost wrapper around a node, so that its parent is what really uses the value. */
export function wrapped(node: Node): Node {
  const parent = node.parent;
  return parent !== undefined && parent !== null && unwrap(parent) === unwrap(node) && parent !== node
    ? wrapped(parent)
    : node;
}

/** The name that a member expression reads, where it is known: `a.b` or `a["b"]`. */
export function memberName(node: Node): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : undefined;
  return stringValue(node.property);
}

/** The value of a string literal or of a template literal without holes. */
export function stringValue(node: Node): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** A function that may have a body. */
export type FunctionNode = Node & {
  readonly type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression";
};

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

/** The statements of a node that holds a list of them. */
export function statementsOf(node: Node): readonly Node[] | undefined {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
    case "TSModuleBlock":
      return node.body;
    case "SwitchCase":
      return node.consequent;
    default:
      return undefined;
  }
}

/** Whether a statement stands in a list of statements, where it can vanish. */
export function isListed(statement: Node): boolean {
  const parent = statement.parent;
  return parent !== undefined && parent !== null && statementsOf(parent)?.includes(statement) === true;
}

/** The name a reader would give to the function around a node, for catalogues and probes. */
export function enclosingFunction(node: Node): string | undefined {
  for (let at = node.parent; at !== undefined && at !== null; at = at.parent) {
    if (!isFunction(at)) continue;
    const name = functionName(at);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The name of a function, or of what holds it. */
export function functionName(node: Node): string | undefined {
  if ("id" in node && node.id?.type === "Identifier") return node.id.name;
  const holder = wrapped(node).parent;
  switch (holder?.type) {
    case "VariableDeclarator":
      return holder.id.type === "Identifier" ? holder.id.name : undefined;
    case "MethodDefinition":
    case "PropertyDefinition":
    case "Property":
    case "AccessorProperty":
      if (holder.key.type === "PrivateIdentifier") return `#${holder.key.name}`;
      return holder.key.type === "Identifier" ? holder.key.name : stringValue(holder.key);
    default:
      return undefined;
  }
}

/**
 * Whether the code at a node can run before the module's first statement did: only a function declared at the
 * top of the module is hoisted with its body, and an import cycle can call it early.
 */
export function isHoisted(node: Node): boolean {
  let outermost: Node | undefined;
  for (let at: Node | null | undefined = node; at !== undefined && at !== null; at = at.parent) {
    if (isFunction(at)) outermost = at;
  }
  if (outermost?.type !== "FunctionDeclaration") return false;
  const parent = outermost.parent;
  const holder =
    parent?.type === "ExportNamedDeclaration" || parent?.type === "ExportDefaultDeclaration" ? parent.parent : parent;
  return holder?.type === "Program";
}

/** The children of a node, in source order of their keys. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  eachChild(node, (child) => children.push(child));
  return children;
}

/** Calls `visit` for every child of a node, in source order of their keys. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  eachOf(node, visitorKeys[node.type], visit);
}

/** As {@link eachChild}, without what is a type and nothing else. */
export function eachValue(node: Node, visit: (child: Node) => void): void {
  eachOf(node, valueKeys.get(node.type), visit);
}

function eachOf(node: Node, keys: readonly string[] | undefined, visit: (child: Node) => void): void {
  if (keys === undefined) return;
  for (const key of keys) {
    const child = (node as unknown as Record<string, Node | readonly (Node | null)[] | null | undefined>)[key];
    if (Array.isArray(child)) {
      for (const item of child as readonly (Node | null)[]) if (item) visit(item);
    } else if (child) visit(child as Node);
  }
}

const typeKeys = new Set([
  "implements",
  "returnType",
  "superTypeArguments",
  "typeAnnotation",
  "typeArguments",
  "typeParameters",
]);

/** The keys of each kind of node below which there can be code. */
const valueKeys: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(visitorKeys)
    .filter(([type]) => type !== "TSInterfaceDeclaration" && type !== "TSTypeAliasDeclaration")
    .map(([type, keys]) => [type, keys.filter((key) => !typeKeys.has(key))]),
);
