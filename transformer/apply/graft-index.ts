/** The nodes of a file by their place and kind. */
import type ts from "typescript";
import type { TypeScript } from "./graft-internals.ts";
import { isName } from "./graft-names.ts";
import type { Ranges } from "./graft-ranges.ts";

/**
 * Holds what the edits reach, and one level below: where they do not reach a node, nothing in it is asked for.
 * A file with one macro costs next to nothing.
 */
export class NodeIndex {
  readonly #byEnd = new Map<number, ts.Node[]>();
  readonly #references = new Map<string, ts.Identifier[]>();
  readonly #file: ts.SourceFile;

  constructor(tsc: TypeScript, file: ts.SourceFile, ranges: Ranges) {
    this.#file = file;
    const add = (node: ts.Node): void => {
      // A transformer that ran before us can have made nodes that have no place.
      if (node.pos >= 0) {
        push(this.#byEnd, keyOf(node.end, node.kind), node);
        if (!ranges.reaches(node.pos, node.end)) return;
        if (tsc.isIdentifier(node) && node.parent !== undefined && !isName(tsc, node))
          push(this.#references, node.text, node);
      }
      tsc.forEachChild(node, add);
    };
    tsc.forEachChild(file, add);
  }

  /** The outermost node of that place and kind. */
  find(start: number, end: number, kind: ts.SyntaxKind): ts.Node | undefined {
    return this.#byEnd.get(keyOf(end, kind))?.find((node) => startOf(node, this.#file) === start);
  }

  /** The innermost node of that end and kind that begins at or before an offset: its own start has moved. */
  findByEnd(start: number, end: number, kind: ts.SyntaxKind): ts.Node | undefined {
    return this.#byEnd.get(keyOf(end, kind))?.findLast((node) => startOf(node, this.#file) <= start);
  }

  /** A use of a name in a range. */
  reference(text: string, { start, end }: { readonly start: number; readonly end: number }): ts.Identifier | undefined {
    return this.#references.get(text)?.find((id) => startOf(id, this.#file) >= start && id.end <= end);
  }
}

/** Kinds are below 512 in every version. */
function keyOf(end: number, kind: ts.SyntaxKind): number {
  return end * 512 + kind;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Where a node's first token is; `getStart` without the JSDoc in front. */
export function startOf(node: ts.Node, file: ts.SourceFile): number {
  return node.getStart(file, false);
}
