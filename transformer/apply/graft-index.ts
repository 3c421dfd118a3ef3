/** The nodes of a file by their place and kind. */
import type ts from "typescript";
import type { TypeScript } from "./graft-internals.ts";
import { isName } from "./graft-names.ts";

export class NodeIndex {
  readonly #exact = new Map<string, ts.Node>();
  readonly #byEnd = new Map<string, ts.Node[]>();
  readonly #references: ts.Identifier[] = [];
  readonly #file: ts.SourceFile;

  constructor(tsc: TypeScript, file: ts.SourceFile) {
    this.#file = file;
    const add = (node: ts.Node): void => {
      // A transformer that ran before us can have made nodes that have no place.
      if (node.pos >= 0) {
        const key = `${startOf(node, file)}:${node.end}:${node.kind}`;
        if (!this.#exact.has(key)) this.#exact.set(key, node);
        const endKey = `${node.end}:${node.kind}`;
        const list = this.#byEnd.get(endKey);
        if (list === undefined) this.#byEnd.set(endKey, [node]);
        else list.push(node);
      }
      if (tsc.isIdentifier(node) && node.parent !== undefined && !isName(tsc, node)) this.#references.push(node);
      tsc.forEachChild(node, add);
    };
    tsc.forEachChild(file, add);
  }

  /** The outermost node of that place and kind. */
  find(start: number, end: number, kind: ts.SyntaxKind): ts.Node | undefined {
    return this.#exact.get(`${start}:${end}:${kind}`);
  }

  /** The innermost node of that end and kind that begins at or before an offset: its own start has moved. */
  findByEnd(start: number, end: number, kind: ts.SyntaxKind): ts.Node | undefined {
    return this.#byEnd.get(`${end}:${kind}`)?.findLast((node) => startOf(node, this.#file) <= start);
  }

  /** A use of a name in a range. */
  reference(text: string, { start, end }: { readonly start: number; readonly end: number }): ts.Identifier | undefined {
    return this.#references.find((id) => id.text === text && startOf(id, this.#file) >= start && id.end <= end);
  }
}

/** Where a node's first token is; `getStart` without the JSDoc in front. */
export function startOf(node: ts.Node, file: ts.SourceFile): number {
  return node.getStart(file, false);
}
