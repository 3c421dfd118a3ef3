import { visitorKeys } from "oxc-parser";
import type { Node } from "../parse.ts";

/** The outermost node below `node` that begins at an offset, decorators counted as part of what they decorate. */
export function nodeAt(node: Node, offset: number): Node | undefined {
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, Node | readonly (Node | null)[] | null | undefined>)[key];
    for (const item of (Array.isArray(child) ? child : [child]) as readonly (Node | null | undefined)[]) {
      if (!item) continue;
      if (startOf(item) === offset) return item;
      if (item.start < offset && offset < item.end) return nodeAt(item, offset);
    }
  }
  return undefined;
}

function startOf(node: Node): number {
  const decorators = "decorators" in node ? (node.decorators ?? []) : [];
  return Math.min(node.start, ...decorators.map((decorator) => decorator.start));
}
