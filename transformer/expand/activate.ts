/**
 * Functions that carry a span across their suspensions. A function with an activation exits every span it is in
 * before it is suspended and enters them again when it goes on, so that a span is entered exactly while its
 * code runs.
 */
import { visitorKeys } from "oxc-parser";
import type { Instrumented } from "../callsite/find-instrumented.ts";
import type { Edit } from "../edit.ts";
import type { Node, Program } from "../parse.ts";
import { isFunction, isListed, unwrap, type FunctionNode } from "../syntax.ts";
import type { Names } from "./names.ts";

/** A function that gets an activation, and the span it begins with, if it is instrumented. */
export interface Activated {
  readonly fn: FunctionNode;
  /** The source that makes the activation. */
  readonly begin: string;
  readonly instrumented: Instrumented | undefined;
}

/** What is known of the innermost function while its body is walked. */
interface Frame {
  readonly activated: Activated | undefined;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
}

/**
 * Edits for every function of `functions`; all but one kind are insertions around what stays where it is.
 * `replaced` are the edits that take the text they stand on away.
 */
export function activate(
  program: Program,
  functions: ReadonlyMap<Node, Activated>,
  names: Names,
  replaced: readonly Edit[],
): readonly Edit[] {
  const { runtime, activation } = names;
  const edits: Edit[] = [];
  const resume = `${runtime}.resume(${activation}`;
  const suspend = `${runtime}.suspend(${activation}`;
  let guards = 0;
  walk(program, { activated: undefined, isAsync: false, isGenerator: false });
  return edits;

  function insert(offset: number, text: string): void {
    edits.push({ start: offset, end: offset, text });
  }

  function walk(node: Node, frame: Frame): void {
    // What is gone has nothing to carry.
    if (frame.activated !== undefined && replaced.some(({ start, end }) => start <= node.start && node.end <= end)) return;
    if (isFunction(node)) return walkFunction(node, frame);
    // What stands in a class body's fields and static blocks is not part of the function around it.
    if (node.type === "StaticBlock") return children(node, { ...frame, activated: undefined });
    if (node.type === "PropertyDefinition" || node.type === "AccessorProperty") {
      if (node.computed) walk(node.key, frame);
      if (node.value) walk(node.value, { ...frame, activated: undefined });
      return;
    }
    if (frame.activated === undefined) return children(node, frame);
    switch (node.type) {
      case "AwaitExpression":
        return around(node, node.argument, `${resume}, `, `${suspend}, `, frame);
      case "YieldExpression":
        return walkYield(node, frame);
      case "ForOfStatement":
        return node.await ? walkForAwait(node, frame) : children(node, frame);
      case "ReturnStatement":
        return walkReturn(node, frame);
      case "TryStatement":
        return walkTry(node, frame);
      case "VariableDeclaration":
        return walkDeclaration(node, frame);
      default:
        children(node, frame);
    }
  }

  function children(node: Node, frame: Frame): void {
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | readonly (Node | null)[] | null | undefined>)[key];
      if (Array.isArray(child)) {
        for (const item of child) if (item) walk(item, frame);
      } else if (child) walk(child as Node, frame);
    }
  }

  /** `outer(inner(argument))`, where `outer` opens before the whole expression and `inner` before its argument. */
  function around(node: Node, argument: Node, outer: string, inner: string, frame: Frame): void {
    insert(node.start, outer);
    insert(argument.start, inner);
    walk(argument, frame);
    insert(argument.end, ")");
    insert(node.end, ")");
  }

  function walkYield(node: Node & { readonly type: "YieldExpression" }, frame: Frame): void {
    const { argument } = node;
    if (argument === null) {
      insert(node.start, `${resume}, `);
      insert(node.end, ` ${suspend}))`);
    } else if (node.delegate) {
      const delegate = frame.isAsync ? "delegateAsync" : "delegate";
      around(node, argument, `${resume}, `, `${runtime}.${delegate}(${activation}, `, frame);
    } else around(node, argument, `${resume}, `, `${suspend}, `, frame);
  }

  /** The wrapped iterable suspends before every step; the body, and what follows the loop, go on inside. */
  function walkForAwait(node: Node & { readonly type: "ForOfStatement" }, frame: Frame): void {
    let outermost: Node = node;
    while (outermost.parent?.type === "LabeledStatement") outermost = outermost.parent;
    const isEmbedded = !isListed(outermost);
    if (isEmbedded) insert(outermost.start, "{ ");
    walk(node.left, frame);
    insert(node.right.start, `${runtime}.iterable(${activation}, `);
    walk(node.right, frame);
    insert(node.right.end, ")");
    const isBlock = node.body.type === "BlockStatement";
    insert(isBlock ? node.body.start + 1 : node.body.start, `${isBlock ? " " : "{ "}${resume});${isBlock ? "" : " "}`);
    walk(node.body, frame);
    if (!isBlock) insert(node.body.end, " }");
    insert(outermost.end, ` ${resume});${isEmbedded ? " }" : ""}`);
  }

  /** A returned promise is still part of the span; in an async generator returning is awaiting. */
  function walkReturn(node: Node & { readonly type: "ReturnStatement" }, frame: Frame): void {
    const { argument } = node;
    const instrumented = frame.activated?.instrumented;
    if (argument === null || instrumented === undefined) {
      if (instrumented?.ret !== undefined && argument === null) {
        insert(node.start + "return".length, ` ${runtime}.returned(${activation})`);
      }
      return children(node, frame);
    }
    returned(argument, frame, instrumented);
  }

  function returned(argument: Node, frame: Frame, instrumented: Instrumented): void {
    const open =
      frame.isAsync && frame.isGenerator
        ? [`${runtime}.returned(${activation}, ${resume}, await ${suspend}, `, ")))"]
        : instrumented.ret !== undefined || (!frame.isGenerator && canBePromise(argument))
          ? [`${runtime}.${frame.isAsync || frame.isGenerator ? "returned" : "returning"}(${activation}, `, ")"]
          : ["", ""];
    if (open[0] !== "") insert(argument.start, open[0] ?? "");
    walk(argument, frame);
    if (open[1] !== "") insert(argument.end, open[1] ?? "");
  }

  /** A rejected suspension goes on in a handler without passing a `resume`. */
  function walkTry(node: Node & { readonly type: "TryStatement" }, frame: Frame): void {
    walk(node.block, frame);
    for (const block of [node.handler?.body, node.finalizer]) {
      if (!block) continue;
      if (frame.isAsync || frame.isGenerator) insert(block.start + 1, ` ${resume});`);
      walk(block, frame);
    }
  }

  /**
   * Disposal may follow a rejection: what is declared after a resource is disposed of before it, and resumes.
   * The disposal of an `await using` is itself a suspension, which is made visible as one.
   */
  function walkDeclaration(node: Node & { readonly type: "VariableDeclaration" }, frame: Frame): void {
    const suspends = frame.isAsync || frame.isGenerator;
    const isResource = (node.kind === "using" || node.kind === "await using") && isListed(node);
    if (!suspends || !isResource) return children(node, frame);
    const guard = (): string => `${activation}${++guards}`;
    if (node.kind === "using") {
      children(node, frame);
      insert(node.end, `${ended(node)} using ${guard()} = ${runtime}.reentry(${activation});`);
      return;
    }
    const ids = node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
    edits.push({
      start: node.start,
      end: node.start + "await using".length,
      text: `using ${guard()} = ${runtime}.reentry(${activation}); const`,
    });
    children(node, frame);
    const disposals = ids.map(
      (id) =>
        ` await using ${guard()} = ${runtime}.disposing(${activation}, ${id}); using ${guard()} = ${runtime}.reentry(${activation});`,
    );
    insert(node.end, ended(node) + disposals.join(""));
  }

  function walkFunction(fn: FunctionNode, outer: Frame): void {
    const activated = functions.get(fn);
    const frame: Frame = { activated, isAsync: fn.async, isGenerator: "generator" in fn && fn.generator === true };
    // Defaults of parameters run before the body, in the caller's span.
    for (const parameter of fn.params) walk(parameter, { ...outer, activated: undefined });
    if (fn.body === null) return;
    if (activated === undefined) return walk(fn.body, frame);
    const { begin, instrumented } = activated;
    const opening = `var ${activation} = ${begin}; ${instrumented === undefined ? "" : "try { "}`;
    const closing = instrumented === undefined ? "" : closingOf(instrumented, frame);
    if (fn.body.type !== "BlockStatement") {
      // An arrow's expression becomes the body it stands for.
      insert(fn.body.start, `{ ${opening}return `);
      if (instrumented === undefined) walk(fn.body, frame);
      else returned(fn.body, frame, instrumented);
      insert(fn.body.end, `; ${closing}}`);
      return;
    }
    const first = fn.body.body.find((statement) => !("directive" in statement) || statement.directive === null);
    insert(first?.start ?? fn.body.start + 1, opening);
    walk(fn.body, frame);
    const fallsOff = instrumented?.ret === undefined ? "" : `; ${runtime}.returned(${activation}); `;
    insert(fn.body.end - 1, `${fallsOff}${closing}`);
  }

  function closingOf(instrumented: Instrumented, frame: Frame): string {
    const error = `${activation}e`;
    const failed = `catch (${error}) { throw ${runtime}.failed(${activation}, ${error}); } `;
    const catches = instrumented.err === undefined ? "" : failed;
    const end = `${runtime}.end(${activation});`;
    const isGuarded = !frame.isAsync && !frame.isGenerator;
    return `} ${catches}finally { ${isGuarded ? `if (${activation} !== undefined) ${end}` : end} } `;
  }
}

/** A semicolon where the source left it to the line break that the insertion takes away. */
function ended(node: Node): string {
  const last = "declarations" in node ? node.declarations.at(-1) : undefined;
  return last?.end === node.end ? ";" : "";
}

/** Whether an expression may be a promise: what is certainly not needs no look at run time. */
function canBePromise(node: Node): boolean {
  const value = unwrap(node);
  switch (value.type) {
    case "Literal":
    case "TemplateLiteral":
    case "BinaryExpression":
    case "UnaryExpression":
    case "UpdateExpression":
    case "ObjectExpression":
    case "ArrayExpression":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassExpression":
      return false;
    case "ConditionalExpression":
      return canBePromise(value.consequent) || canBePromise(value.alternate);
    default:
      return true;
  }
}
