import type { Node } from "../parse.ts";
import { childrenOf } from "../syntax.ts";

/** The outermost node below `node` that begins at an offset, decorators counted as part of what they decorate. */
export function nodeAt(node: Node, offset: number): Node | undefined {
  for (const child of childrenOf(node)) {
    if (startOf(child) === offset) return child;
    if (child.start < offset && offset < child.end) return nodeAt(child, offset);
  }
  return undefined;
}

function startOf(node: Node): number {
  const decorators = "decorators" in node ? (node.decorators ?? []) : [];
  return Math.min(node.start, ...decorators.map((decorator) => decorator.start));
}
