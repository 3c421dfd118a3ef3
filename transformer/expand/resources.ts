/** Loops and resources of a function with an activation: what they await and dispose of runs inside its spans. */
import type { Node } from "../parse.ts";
import type { Frame, Walk } from "./activate.ts";
import type { Names } from "./names.ts";

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
  const [before, after] = isSuspended ? resourceOf(node, walker) : ["", ""];
  const opening = `${node.await ? `${resume} ` : ""}${before}`;
  if (node.await) insert(outermost.start, "try { ");
  if (node.left.type !== "VariableDeclaration") walk(node.left, frame);
  else for (const { id } of node.left.declarations) walk(id, frame);
  const steps = `${runtime}.${isName(node.left) ? "iterable" : "destructured"}(${activation}, `;
  if (node.await) insert(node.right.start, steps);
  walk(node.right, frame);
  if (node.await) insert(node.right.end, ")");
  // A body that is a block stays one: what it declares may have the names that the loop has.
  if (opening !== "") insert(node.body.start, `{ ${opening}`);
  walk(node.body, frame);
  if (opening !== "") insert(node.body.end, `${after} }`);
  if (node.await) insert(outermost.end, ` } finally { ${resume} }`);
}

/** What a loop's own resource asks for before and after the body. */
function resourceOf({ left }: Loop, { names, guard, replace }: Walk): readonly [string, string] {
  if (left.type !== "VariableDeclaration") return ["", ""];
  if (left.kind === "using") return [`using ${guard()} = ${names.runtime}.reentry(${names.activation}); `, ""];
  const id = left.declarations[0]?.id;
  if (left.kind !== "await using" || id?.type !== "Identifier") return ["", ""];
  replace(left.start, left.start + "await using".length, "const");
  const held = guard();
  const [open, close] = holding(held, names);
  return [`${open}${held}.use(${id.name}); `, close];
}

/** Around a block that has resources of both kinds: they are disposed of in the function itself, one after another. */
export function holding(held: string, { runtime, activation }: Names): readonly [open: string, close: string] {
  const resume = `${runtime}.resume(${activation}`;
  const failed = `catch (${held}e) { ${resume}); ${held}.failed(${held}e); }`;
  const pop = `${resume}, await ${runtime}.suspend(${activation}, ${held}.pop()));`;
  return [
    `const ${held} = ${runtime}.resources(); try { `,
    ` } ${failed} finally { ${resume}); while (${held}.left) try { ${pop} } ${failed} ${held}.end(); }`,
  ];
}

/** Whether a loop only names its values: anything else may run code before the body does. */
function isName(left: Node): boolean {
  if (left.type !== "VariableDeclaration") return left.type === "Identifier";
  return left.declarations[0]?.id.type === "Identifier";
}

/** Whether a block has an `await using` of its own. */
export function holdsResources(statements: readonly Node[]): boolean {
  return statements.some((one) => one.type === "VariableDeclaration" && one.kind === "await using");
}

/**
 * Disposal may follow a rejection: what is declared after a resource is disposed of before it, and resumes. In a
 * block with an `await using` all resources are held by one object, which `held` names.
 */
export function walkDeclaration(node: Declaration, frame: Frame, walker: Walk, held: string | undefined): void {
  const { names, insert, replace, walk, guard } = walker;
  const suspends = (frame.isAsync || frame.isGenerator) && (node.kind === "using" || node.kind === "await using");
  const isHeld = held !== undefined && suspends;
  if (isHeld) replace(node.start, node.start + node.kind.length, "const");
  for (const declarator of node.declarations) {
    walk(declarator, frame);
    if (!suspends || declarator.id.type !== "Identifier") continue;
    // A declarator of its own: what was written keeps its place, and a function the name it gets there.
    const sync = node.kind === "using" ? ", true" : "";
    if (isHeld) insert(declarator.end, `, ${guard()} = ${held}.use(${declarator.id.name}${sync})`);
    else if (node.kind === "using") {
      insert(declarator.end, `, ${guard()} = ${names.runtime}.reentry(${names.activation})`);
    }
  }
}
