/** Where a function with an activation is suspended: `await` and `yield`. */
import type { Node } from "../parse.ts";
import { isListed, wrapped } from "../syntax.ts";
import type { Frame, Walk } from "./activate.ts";

type Await = Node & { readonly type: "AwaitExpression" };
type Yield = Node & { readonly type: "YieldExpression" };

export function walkAwait(node: Await, frame: Frame, walker: Walk): void {
  walkSuspension(node, "suspend", "resume", frame, walker);
}

export function walkYield(node: Yield, frame: Frame, walker: Walk): void {
  if (node.delegate) walkSuspension(node, frame.isAsync ? "delegateAsync" : "delegate", "resume", frame, walker);
  else walkSuspension(node, "yielding", frame.activated?.follows ? "follow" : "resume", frame, walker);
}

/** The operand is evaluated inside, and handed over outside. Where its value is all that a statement waits for, the function resumes behind that. */
function walkSuspension(node: Await | Yield, suspend: string, resume: string, frame: Frame, walker: Walk): void {
  const { names, insert, insertBehind, walk } = walker;
  const { runtime, activation } = names;
  const { argument } = node;
  const [before, after] = [`${runtime}.${suspend}(${activation}`, `${runtime}.${resume}(${activation}`];
  const statement = statementOf(node, walker);
  if (statement === undefined) insert(node.start, `${after}, `);
  if (argument === null) insert(node.end, ` ${before})`);
  else {
    insert(argument.start, `${before}, `);
    walk(argument, frame);
    insert(argument.end, ")");
  }
  if (statement === undefined) insert(node.end, ")");
  else insertBehind(statement, `${frame.activated?.isAlways ? "" : `${activation} && `}${after});`);
}

/**
 * The statement that runs no more code once it has the value. To resume behind it is cheaper: around a suspension the
 * function to call and its argument would be kept across it, also when nobody listens.
 */
function statementOf(node: Node, walker: Walk): Node | undefined {
  const value = wrapped(node);
  const user = value.parent;
  switch (user?.type) {
    case "ExpressionStatement":
      return isListed(user) ? user : undefined;
    case "AssignmentExpression":
      // A name that the file does not declare may be an accessor of the global object.
      return user.operator === "=" && user.right === value && walker.isDeclared(user.left)
        ? statementOf(user, walker)
        : undefined;
    case "VariableDeclarator": {
      const declaration = user.parent;
      if (declaration?.type !== "VariableDeclaration" || !/^(?:const|let|var)$/.test(declaration.kind))
        return undefined;
      if (user.id.type !== "Identifier" || declaration.declarations.at(-1) !== user) return undefined;
      const statement = declaration.parent?.type === "ExportNamedDeclaration" ? declaration.parent : declaration;
      return isListed(statement) ? statement : undefined;
    }
    default:
      return undefined;
  }
}
