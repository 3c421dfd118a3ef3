/** Loops and resources of a function with an activation: what they await and dispose of runs inside its spans. */
import type { Node } from "../parse.ts";
import { isListed } from "../syntax.ts";
import type { Frame, Walk } from "./activate.ts";

type Loop = Node & { readonly type: "ForOfStatement" };
type Declaration = Node & { readonly type: "VariableDeclaration" };

/**
 * `for await` and `for (using …)`. The wrapped iterable suspends before every step; the body, and whatever follows
 * the loop however it is left, go on inside.
 */
export function walkLoop(node: Loop, frame: Frame, walker: Walk): void {
  const { names, insert, walk } = walker;
  const { runtime, activation } = names;
  const resume = `${runtime}.resume(${activation});`;
  const isSuspended = frame.isAsync || frame.isGenerator;
  let outermost: Node = node;
  while (outermost.parent?.type === "LabeledStatement") outermost = outermost.parent;
  const opening = [...(node.await ? [resume] : []), ...(isSuspended ? resourceOf(node, walker) : [])].join(" ");
  if (node.await) insert(outermost.start, "try { ");
  if (node.left.type !== "VariableDeclaration") walk(node.left, frame);
  else for (const { id } of node.left.declarations) walk(id, frame);
  if (node.await)
    insert(node.right.start, `${runtime}.${isName(node.left) ? "iterable" : "destructured"}(${activation}, `);
  walk(node.right, frame);
  if (node.await) insert(node.right.end, ")");
  const isBlock = node.body.type === "BlockStatement";
  if (opening !== "")
    insert(isBlock ? node.body.start + 1 : node.body.start, isBlock ? ` ${opening}` : `{ ${opening} `);
  walk(node.body, frame);
  if (opening !== "" && !isBlock) insert(node.body.end, " }");
  if (node.await) insert(outermost.end, ` } finally { ${resume} }`);
}

/** What a loop's own resource asks for at the top of the body. */
function resourceOf({ left }: Loop, { names, guard, replace }: Walk): readonly string[] {
  if (left.type !== "VariableDeclaration" || (left.kind !== "using" && left.kind !== "await using")) return [];
  const reentry = `using ${guard()} = ${names.runtime}.reentry(${names.activation});`;
  const id = left.declarations[0]?.id;
  if (left.kind === "using" || id?.type !== "Identifier") return [reentry];
  replace(left.start, left.start + "await using".length, "const");
  return [`await using ${guard()} = ${names.runtime}.disposing(${names.activation}, ${id.name});`, reentry];
}

/** Whether a loop only names its values: anything else may run code before the body does. */
function isName(left: Node): boolean {
  if (left.type !== "VariableDeclaration") return left.type === "Identifier";
  return left.declarations[0]?.id.type === "Identifier";
}

/**
 * Disposal may follow a rejection: what is declared after a resource is disposed of before it, and resumes.
 * The disposal of an `await using` is itself a suspension, which is made visible as one.
 */
export function walkDeclaration(node: Declaration, frame: Frame, walker: Walk): void {
  const { names, insert, replace, walk, guard, code } = walker;
  const { runtime, activation } = names;
  const suspends = frame.isAsync || frame.isGenerator;
  const reentry = `${runtime}.reentry(${activation})`;
  const isLowered = suspends && node.kind === "await using" && isListed(node);
  if (isLowered) replace(node.start, node.start + "await using".length, `using ${guard()} = ${reentry}; const`);
  node.declarations.forEach((declarator, index) => {
    walk(declarator, frame);
    if (suspends && node.kind === "using") insert(declarator.end, `, ${guard()} = ${reentry}`);
    if (!isLowered || declarator.id.type !== "Identifier") return;
    const disposing = `; await using ${guard()} = ${runtime}.disposing(${activation}, ${declarator.id.name}); using ${guard()} = ${reentry}`;
    const next = node.declarations[index + 1];
    if (next === undefined) insert(declarator.end, disposing);
    else {
      // Each is a resource before the next one is made.
      insert(declarator.end, disposing);
      const comma = code.indexOf(",", declarator.end);
      replace(comma, comma + 1, "; const");
    }
  });
}
