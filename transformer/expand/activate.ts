/**
 * Functions that carry a span across their suspensions. A function with an activation exits every span it is in
 * before it is suspended and enters them again when it goes on, so that a span is entered exactly while its
 * code runs.
 */
import { replacedBy, type Edit } from "../edit.ts";
import type { Node } from "../parse.ts";
import { eachValue, isFunction, type FunctionNode } from "../syntax.ts";
import { isGenerator, type Activated } from "./activated.ts";
import type { Module } from "./expand.ts";
import type { Names } from "./names.ts";
import { prologueOffset } from "./prologue.ts";
import { holding, holdsResources, walkDeclaration, walkLoop } from "./resources.ts";
import { canFallOff, returnedNothing, walkResult, walkReturn } from "./results.ts";
import { walkAwait, walkYield } from "./suspensions.ts";

/** What is known of the innermost function while its body is walked. */
export interface Frame {
  readonly activated: Activated | undefined;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
}

/** What the parts of the walk share. */
export interface Walk {
  readonly names: Names;
  insert(offset: number, text: string): void;
  /** Behind a statement, which may have left its semicolon to a line break. */
  insertBehind(statement: Node, text: string): void;
  replace(start: number, end: number, text: string): void;
  walk(node: Node, frame: Frame): void;
  /** A name for a resource of our own. */
  guard(): string;
  /** Whether a node is a name that the file declares. */
  isDeclared(node: Node): boolean;
}

/**
 * Edits for every function of `functions`; all but one kind are insertions around what stays where it is.
 * `replaced` are the edits that take the text they stand on away.
 */
export function activate(
  { bindings, code, program }: Module,
  functions: ReadonlyMap<Node, Activated>,
  names: Names,
  replaced: readonly Edit[],
): readonly Edit[] {
  const { runtime, activation } = names;
  const edits: Edit[] = [];
  const isReplaced = replacedBy(replaced);
  const resume = `${runtime}.resume(${activation}`;
  let guards = 0;
  const holders = new Map<Node, string>();
  const starts = [...functions.keys()].map(({ start }) => start).toSorted((a, b) => a - b);
  const shared: Walk = {
    names,
    insert,
    insertBehind: (statement, text) => insert(statement.end, `${code[statement.end - 1] === ";" ? "" : ";"} ${text}`),
    replace: (start, end, text) => edits.push({ start, end, text }),
    walk,
    guard: () => `${activation}${++guards}`,
    isDeclared: (node) => bindings.scopes.bindingOf(node) !== undefined,
  };
  const module = functions.get(program);
  if (module !== undefined) insert(prologueOffset(program), `var ${activation} = ${module.begin}; `);
  eachValue(program, (child) => walk(child, { activated: module, isAsync: true, isGenerator: false }));
  if (module !== undefined) insert(program.body.at(-1)?.end ?? program.end, `; ${runtime}.end(${activation});`);
  return edits;

  /** Keeps what is inserted apart from a word right before it: `yield/x/` is legal. */
  function insert(offset: number, text: string): void {
    const touches = /[\w$]$/.test(code[offset - 1] ?? "") && /^[\w$]/.test(text);
    edits.push({ start: offset, end: offset, text: touches ? ` ${text}` : text });
  }

  function walk(node: Node, frame: Frame): void {
    if ((frame.activated === undefined && !isAroundActivated(node)) || isGone(node)) return;
    if (isFunction(node)) return walkFunction(node, frame);
    if (frame.activated === undefined) return children(node, frame);
    switch (node.type) {
      case "StaticBlock":
        // What stands in a class body's fields and static blocks is not part of the function around it.
        return children(node, { ...frame, activated: undefined });
      case "PropertyDefinition":
      case "AccessorProperty":
        for (const decorator of node.decorators) walk(decorator, frame);
        if (node.computed) walk(node.key, frame);
        if (node.value) walk(node.value, { ...frame, activated: undefined });
        return;
      case "AwaitExpression":
        return walkAwait(node, frame, shared);
      case "YieldExpression":
        return walkYield(node, frame, shared);
      case "ForOfStatement":
        return walkLoop(node, frame, shared);
      case "ReturnStatement":
        return walkReturn(node, frame, shared);
      case "TryStatement":
        return walkTry(node, frame);
      case "BlockStatement":
        return walkBlock(node, frame, node.start + 1);
      case "VariableDeclaration":
        return walkDeclaration(node, frame, shared, node.parent ? holders.get(node.parent) : undefined);
      default:
        children(node, frame);
    }
  }

  function walkBlock(block: Node & { readonly type: "BlockStatement" }, frame: Frame, offset: number): void {
    if (!holdsResources(block.body)) return children(block, frame);
    const held = shared.guard();
    const [open, close] = holding(held, names);
    holders.set(block, held);
    insert(offset, ` ${open}`);
    children(block, frame);
    insert(block.end - 1, close);
  }

  /** Whether one of the functions begins in a node. */
  function isAroundActivated({ start, end }: Node): boolean {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return (starts[low] ?? end) < end;
  }

  /** What is gone has nothing to carry: a stripped call, or the statement of one. */
  function isGone({ type, start, end }: Node): boolean {
    const canBe = type === "CallExpression" || type === "VariableDeclaration" || type.endsWith("Statement");
    return canBe && isReplaced({ start, end });
  }

  function children(node: Node, frame: Frame): void {
    eachValue(node, (child) => walk(child, frame));
  }

  /** A rejected suspension goes on in a handler without passing a `resume`. */
  function walkTry(node: Node & { readonly type: "TryStatement" }, frame: Frame): void {
    walk(node.block, frame);
    const { handler, finalizer } = node;
    if (handler?.param) walkCaught(handler.param, frame);
    for (const block of [handler?.body, finalizer]) {
      if (!block) continue;
      if (frame.isAsync || frame.isGenerator) insert(block.start + 1, ` ${resume});`);
      walk(block, frame);
    }
  }

  /** What a `catch` takes apart may run code before its block does. */
  function walkCaught(pattern: Node, frame: Frame): void {
    switch (pattern.type) {
      case "AssignmentPattern":
        walkCaught(pattern.left, frame);
        return walkResumed(pattern.right, frame);
      case "Property":
        if (pattern.computed) walkResumed(pattern.key, frame);
        return walkCaught(pattern.value, frame);
      case "ObjectPattern":
      case "ArrayPattern":
      case "RestElement":
        return eachValue(pattern, (child) => walkCaught(child, frame));
      default:
        walk(pattern, frame);
    }
  }

  /** A function has no code to run, and takes its name from its place. */
  function walkResumed(node: Node, frame: Frame): void {
    const resumes = (frame.isAsync || frame.isGenerator) && !isFunction(node) && node.type !== "ClassExpression";
    if (resumes) insert(node.start, `(${resume}), `);
    walk(node, frame);
    if (resumes) insert(node.end, ")");
  }

  function walkFunction(fn: FunctionNode, outer: Frame): void {
    const activated = functions.get(fn);
    const frame: Frame = { activated, isAsync: fn.async, isGenerator: isGenerator(fn) };
    // Defaults of parameters run before the body, in the caller's span.
    for (const parameter of fn.params) walk(parameter, { ...outer, activated: undefined });
    if (fn.body === null) return;
    if (activated === undefined) return walk(fn.body, frame);
    const { begin, instrumented, canDropResult } = activated;
    const opening = `var ${activation} = ${begin}; try { `;
    const closing = closingOf(frame);
    if (fn.body.type !== "BlockStatement") {
      // An arrow's expression becomes the body it stands for.
      insert(fn.body.start, `{ ${opening}return `);
      if (instrumented === undefined) walk(fn.body, frame);
      else walkResult(fn.body, frame, instrumented, shared);
      insert(fn.body.end, `; ${closing}}`);
      return;
    }
    const statements = fn.body.body;
    const first = statements.find((statement) => !("directive" in statement) || statement.directive === null);
    const offset = first?.start ?? statements.at(-1)?.end ?? fn.body.start + 1;
    // A directive may have left its semicolon to the line break that is no longer there.
    insert(offset, first === undefined && statements.length > 0 ? `; ${opening}` : opening);
    walkBlock(fn.body, frame, offset);
    const isTold = (instrumented?.ret !== undefined || canDropResult) && canFallOff(statements);
    insert(fn.body.end - 1, `${isTold ? `; ${returnedNothing(shared)}; ` : ""}${closing}`);
  }

  function closingOf({ activated, isAsync, isGenerator }: Frame): string {
    const error = `${activation}e`;
    const failed = `catch (${error}) { throw ${runtime}.failed(${activation}, ${error}); } `;
    const catches = activated?.instrumented?.err === undefined && !activated?.canDropResult ? "" : failed;
    const end = `${runtime}.${isAsync || isGenerator ? "end" : "endSync"}(${activation});`;
    return `} ${catches}finally { ${activated?.isAlways ? end : `if (${activation} !== undefined) ${end}`} } `;
  }
}
