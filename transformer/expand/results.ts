/** What a function with an activation returns. */
import type { Instrumented } from "../callsite/find-instrumented.ts";
import type { Node } from "../parse.ts";
import { unwrap } from "../syntax.ts";
import type { Frame, Walk } from "./activate.ts";

type Return = Node & { readonly type: "ReturnStatement" };

/** A returned promise is still part of the span; in an async generator returning is awaiting. */
export function walkReturn({ start, argument }: Return, frame: Frame, walker: Walk): void {
  const { names, insert, walk } = walker;
  const { instrumented, canDropResult = false } = frame.activated ?? {};
  if (argument === null) {
    if (instrumented?.ret !== undefined || canDropResult)
      insert(start + "return".length, ` ${returnedNothing(walker)}`);
  } else if (instrumented !== undefined) walkResult(argument, frame, instrumented, walker);
  else if (frame.isAsync && frame.isGenerator) {
    insert(argument.start, `${names.runtime}.suspend(${names.activation}, `);
    walk(argument, frame);
    insert(argument.end, ")");
  } else walk(argument, frame);
}

/** What stands where a result is told that has no expression. */
export function returnedNothing({ names }: Walk): string {
  return `${names.runtime}.returned(${names.activation})`;
}

/** The result of an instrumented function, also where it is an arrow's expression. */
export function walkResult(result: Node, frame: Frame, instrumented: Instrumented, walker: Walk): void {
  const { insert, walk } = walker;
  const [open, close] = around(result, frame, instrumented, walker);
  if (open !== "") insert(result.start, open);
  walk(result, frame);
  if (open !== "") insert(result.end, close);
}

function around(
  result: Node,
  { isAsync, isGenerator, activated }: Frame,
  { ret }: Instrumented,
  { names }: Walk,
): readonly [open: string, close: string] {
  const call = (name: string): string => `${names.runtime}.${name}(${names.activation}, `;
  if (isAsync && isGenerator) {
    if (ret === undefined) return [call("suspend"), ")"];
    return [`${call("returned")}${call("resume")}await ${call("suspend")}`, ")))"];
  }
  if (isGenerator) return ret === undefined ? ["", ""] : [call("returned"), ")"];
  const isWatched = ret !== undefined || activated?.canDropResult === true || canBePromise(result);
  return isWatched ? [call(isAsync ? "returned" : "returning"), ")"] : ["", ""];
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
    case "ArrayExpression":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "AwaitExpression":
      return false;
    case "ConditionalExpression":
      return canBePromise(value.consequent) || canBePromise(value.alternate);
    case "LogicalExpression":
      return canBePromise(value.left) || canBePromise(value.right);
    default:
      return true;
  }
}

/** Whether the end of a list of statements can be reached, as far as the last one tells. */
export function canFallOff(statements: readonly Node[]): boolean {
  const last = statements.at(-1);
  switch (last?.type) {
    case "ReturnStatement":
    case "ThrowStatement":
      return false;
    case "BlockStatement":
      return canFallOff(last.body);
    case "IfStatement":
      return last.alternate === null || canFallOff([last.consequent]) || canFallOff([last.alternate]);
    default:
      return true;
  }
}
