/** Where a call stands, as far as its replacement has to care. */
import type { Node } from "../parse.ts";
import { isListed, statementsOf, wrapped } from "../syntax.ts";

export type Position =
  /** The call is a whole statement in a list of statements. */
  | { readonly kind: "statement"; readonly statement: Node }
  /** The call is a whole statement in the place of one: `if (x) trace.info!()`. */
  | { readonly kind: "embedded" }
  /** Its value is used: what the replacement needs around it to be read as one value. */
  | { readonly kind: "expression"; readonly needs: "nothing" | "parentheses" | "semicolon and parentheses" };

export function positionOfCall(call: Node): Position {
  const parent = call.parent;
  if (parent?.type === "ExpressionStatement") {
    return isListed(parent) ? { kind: "statement", statement: parent } : { kind: "embedded" };
  }
  if (isDelimited(call)) return { kind: "expression", needs: "nothing" };
  return { kind: "expression", needs: opensStatement(call) ? "semicolon and parentheses" : "parentheses" };
}

/** Whether commas, brackets or keywords already bound the place of a value. */
function isDelimited(call: Node): boolean {
  const parent = call.parent;
  switch (parent?.type) {
    case "CallExpression":
    case "NewExpression":
      return parent.callee !== call;
    case "IfStatement":
    case "ParenthesizedExpression":
    case "VariableDeclarator":
    case "ReturnStatement":
    case "ArrayExpression":
      return true;
    case "Property":
      return parent.value === call;
    case "ArrowFunctionExpression":
      return parent.body === call;
    default:
      return false;
  }
}

/** Whether a replacement that begins with `(` would continue the line before. */
function opensStatement(call: Node): boolean {
  let at = call;
  while (at.parent && at.parent.start === call.start && at.parent.type !== "ExpressionStatement") at = at.parent;
  const statement = at.parent;
  return (
    statement?.type === "ExpressionStatement" &&
    statement.start === call.start &&
    isListed(statement) &&
    !follows(statement)
  );
}

/** Whether a statement can vanish or begin with `(` without being read as part of what stands before it. */
function follows(statement: Node): boolean {
  const before = previous(statement);
  if (before === undefined) return true;
  switch (before.type) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "BlockStatement":
    case "TryStatement":
    case "EmptyStatement":
      return true;
    default:
      return false;
  }
}

/** Whether a call is an operand that binds tighter than a prefix operator: `x.member`, `x()`, `x ** 2`. */
export function isTightOperand(call: Node): boolean {
  const parent = call.parent;
  switch (parent?.type) {
    case "MemberExpression":
      return parent.object === call;
    case "CallExpression":
    case "NewExpression":
      return parent.callee === call;
    case "TaggedTemplateExpression":
    case "TSNonNullExpression":
      return true;
    case "BinaryExpression":
      return parent.operator === "**" && parent.left === call;
    default:
      return false;
  }
}

function previous(statement: Node): Node | undefined {
  const parent = statement.parent;
  const list = parent ? (statementsOf(parent) ?? []) : [];
  return list[list.indexOf(statement) - 1];
}

/**
 * What a removed statement leaves behind: nothing where that is safe, else an empty statement, so that its
 * neighbours are not joined and a string that now comes first does not become a directive.
 */
export function remainder(statement: Node, code: string): "" | ";" {
  const parent = statement.parent;
  const list = parent ? (statementsOf(parent) ?? []) : [];
  const next = list[list.indexOf(statement) + 1];
  if (next?.type === "ExpressionStatement" && next.expression.type === "Literal") return ";";
  const before = previous(statement);
  if (before === undefined) return parent?.type === "SwitchCase" ? ";" : "";
  return follows(statement) || code[before.end - 1] === ";" ? "" : ";";
}

/**
 * The declaration that exists only for a stripped span: `using _s = trace.debugSpan!("x").entered();` with a
 * name that nothing reads. It goes with the span.
 */
export function idleDeclaration(call: Node, isUnused: (id: Node) => boolean): Node | undefined {
  let value = wrapped(call);
  const member = value.parent;
  if (member?.type === "MemberExpression" && member.object === value && !member.computed) {
    const enters = member.property.type === "Identifier" && /^enter(ed)?$/.test(member.property.name);
    const entering = wrapped(member).parent;
    if (!enters || entering?.type !== "CallExpression" || entering.arguments.length > 0) return undefined;
    value = wrapped(entering);
  }
  const declarator = value.parent;
  if (declarator?.type !== "VariableDeclarator" || declarator.init !== value) return undefined;
  const declaration = declarator.parent;
  const isAlone = declaration?.type === "VariableDeclaration" && declaration.declarations.length === 1;
  return isAlone && isListed(declaration) && isUnused(declarator.id) ? declaration : undefined;
}
