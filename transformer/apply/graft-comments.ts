/** Gives grafted nodes the comments that stand beside them in the edited text, where those are others than in the source. */
import type ts from "typescript";
import type { TypeScript } from "./graft-internals.ts";

/** A node of the edited text and what stands for it in the grafted tree. */
export interface Grafted {
  readonly node: ts.Node;
  readonly result: ts.Node;
  /** The same of the node around it. */
  readonly parent: Grafted | undefined;
}

type Found = (text: string, pos: number) => readonly ts.CommentRange[] | undefined;

export class Comments {
  readonly #tsc: TypeScript;
  readonly #source: string;
  readonly #edited: string;
  /** The comments at the top of the file that the emitter prints whatever the first statement is. */
  readonly #detached: readonly string[];

  constructor(tsc: TypeScript, source: string, edited: string) {
    this.#tsc = tsc;
    this.#source = source;
    this.#edited = edited;
    this.#detached = detachedComments(tsc, source);
  }

  /**
   * The emitter reads comments from the source, by a node's place: right where the text around the node was
   * not edited. Elsewhere the place is muted and the comments are attached to the node.
   */
  settle({ node, result }: Grafted, parent: { readonly node: ts.Node; readonly result: ts.TextRange } | undefined): void {
    const tsc = this.#tsc;
    const leads = parent === undefined || tsc.isSourceFile(parent.node) || parent.node.pos !== node.pos;
    const printed = result.pos >= 0 && (leads || parent.result.pos !== result.pos);
    const before = printed ? this.#texts(tsc.getLeadingCommentRanges, this.#source, result.pos) : [];
    const wanted = leads ? this.#find(tsc.getLeadingCommentRanges, this.#edited, node.pos) : [];
    if (!same(before, wanted.map((range) => this.#text(this.#edited, range)))) {
      if (result.pos >= 0) addFlags(tsc, result, tsc.EmitFlags.NoLeadingComments);
      const isFirst = parent !== undefined && tsc.isSourceFile(parent.node) && node.pos === 0;
      for (const range of wanted) {
        if (isFirst && this.#detached.includes(this.#text(this.#edited, range))) continue;
        tsc.addSyntheticLeadingComment(result, range.kind, this.#inner(range), range.hasTrailingNewLine ?? false);
      }
    }
    const trails = parent === undefined || tsc.isSourceFile(parent.node) || parent.node.end !== node.end;
    const closes = result.end >= 0 && (trails || parent.result.end !== result.end);
    const after = closes ? this.#texts(tsc.getTrailingCommentRanges, this.#source, result.end) : [];
    const due = trails ? this.#find(tsc.getTrailingCommentRanges, this.#edited, node.end) : [];
    if (same(after, due.map((range) => this.#text(this.#edited, range)))) return;
    if (result.end >= 0) addFlags(tsc, result, tsc.EmitFlags.NoTrailingComments);
    for (const range of due) {
      tsc.addSyntheticTrailingComment(result, range.kind, this.#inner(range), range.hasTrailingNewLine ?? false);
    }
  }

  #find(find: Found, text: string, pos: number): readonly ts.CommentRange[] {
    return find(text, pos) ?? [];
  }

  #texts(find: Found, text: string, pos: number): readonly string[] {
    return this.#find(find, text, pos).map((range) => this.#text(text, range));
  }

  #text(text: string, range: ts.CommentRange): string {
    return text.slice(range.pos, range.end);
  }

  /** What is between the marks, which the emitter writes itself. */
  #inner(range: ts.CommentRange): string {
    const isBlock = range.kind === this.#tsc.SyntaxKind.MultiLineCommentTrivia;
    return this.#edited.slice(range.pos + 2, isBlock ? range.end - 2 : range.end);
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function addFlags(tsc: TypeScript, node: ts.Node, flags: ts.EmitFlags): void {
  const { emitNode } = node as { emitNode?: { readonly flags?: ts.EmitFlags } };
  tsc.setEmitFlags(node, (emitNode?.flags ?? 0) | flags);
}

/** The first group of comments of a file, where an empty line follows it: the emitter's rule for a licence. */
function detachedComments(tsc: TypeScript, source: string): readonly string[] {
  const group: ts.CommentRange[] = [];
  for (const range of tsc.getLeadingCommentRanges(source, 0) ?? []) {
    const last = group.at(-1);
    if (last !== undefined && lineBreaks(source.slice(last.end, range.pos)) >= 2) break;
    group.push(range);
  }
  const last = group.at(-1);
  if (last === undefined) return [];
  const following = tsc.getLeadingCommentRanges(source, 0)?.at(-1)?.end ?? last.end;
  const token = following + (source.slice(following).match(/^\s*/)?.[0].length ?? 0);
  if (lineBreaks(source.slice(last.end, token)) < 2) return [];
  return group.map((range) => source.slice(range.pos, range.end));
}

function lineBreaks(text: string): number {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).length - 1;
}
