/** Gives grafted nodes the comments that stand beside them in the edited text, where those are others than in the source. */
import type ts from "typescript";
import { detachedComments, textsOf } from "./graft-detached.ts";
import { startOf } from "./graft-index.ts";
import type { TypeScript } from "./graft-internals.ts";
import type { Ranges } from "./graft-ranges.ts";

/** A node of the edited text, and what stands for it in the grafted tree (or only its place in the source). */
export interface Grafted<Result extends ts.TextRange> {
  readonly node: ts.Node;
  readonly result: Result;
}

/**
 * The emitter reads comments from the source, by a node's place: right where the text around the node was not
 * edited. Elsewhere the place is muted and the comments are attached to the node.
 */
export class Comments {
  readonly #tsc: TypeScript;
  readonly #file: ts.SourceFile;
  readonly #ranges: Ranges;
  readonly #detached: readonly string[];

  constructor(tsc: TypeScript, file: ts.SourceFile, ranges: Ranges) {
    this.#tsc = tsc;
    this.#file = file;
    this.#ranges = ranges;
    this.#detached = detachedComments(tsc, ranges.text);
  }

  settle(here: Grafted<ts.Node>, parent: Grafted<ts.TextRange>): void {
    const tsc = this.#tsc;
    // What looks like a comment between JSX tags is text.
    if (tsc.isJsxElement(parent.node) || tsc.isJsxFragment(parent.node)) return;
    if (this.#isUnedited(here, parent)) return;
    this.#settleLeading(here, parent);
    this.#settleTrailing(here, parent);
  }

  #isUnedited({ node, result }: Grafted<ts.Node>, parent: Grafted<ts.TextRange>): boolean {
    const line = this.#ranges.text.indexOf("\n", node.end);
    const at = this.#ranges.untouched(node.pos, line === -1 ? this.#ranges.text.length : line);
    if (at === undefined || at !== result.pos || at + node.end - node.pos !== result.end) return false;
    const isSame = (edge: "pos" | "end"): boolean =>
      (node[edge] === parent.node[edge]) === (result[edge] === parent.result[edge]);
    return this.#tsc.isSourceFile(parent.node) || (isSame("pos") && isSame("end"));
  }

  #settleLeading({ node, result }: Grafted<ts.Node>, parent: Grafted<ts.TextRange>): void {
    const tsc = this.#tsc;
    const { text: edited } = this.#ranges;
    const source = this.#file.text;
    const isFirst = tsc.isSourceFile(parent.node);
    const leads = isFirst || parent.node.pos !== node.pos;
    const isPlaced = result.pos >= 0 && (isFirst || parent.result.pos !== result.pos);
    // On the line of the token in front: printed by that token, or by the list that the node is in.
    const line =
      leads && !followsNode(tsc, node, parent.node) ? (tsc.getTrailingCommentRanges(edited, node.pos) ?? []) : [];
    const isListed = !tsc.isStatement(node) && !tsc.isClassElement(node);
    const behindToken = parent.result.pos < 0 ? -1 : (this.#ranges.ends(node.pos)[0] ?? -1);
    let byToken = behindToken < 0 ? [] : textsOf(source, tsc.getTrailingCommentRanges(source, behindToken));
    if (result.pos !== behindToken && isListed && isElement(node, parent.node)) byToken = [];
    const isMoved = result.pos >= 0 && result.pos !== behindToken && isListed;
    const byList = isMoved ? textsOf(source, tsc.getTrailingCommentRanges(source, result.pos)) : [];
    if (byList.length > 0) tsc.setCommentRange(result, { pos: startOf(result, this.#file), end: result.end });
    const due = line.filter((range) => !byToken.includes(edited.slice(range.pos, range.end)));

    const above = leads ? (tsc.getLeadingCommentRanges(edited, node.pos) ?? []) : [];
    const printed = isPlaced ? textsOf(source, tsc.getLeadingCommentRanges(source, result.pos)) : [];
    if (!isEqual(printed, textsOf(edited, above))) {
      if (result.pos >= 0) addFlags(tsc, result, tsc.EmitFlags.NoLeadingComments);
      const isTop = isFirst && node.pos === 0;
      due.push(...above.filter((range) => !isTop || !this.#detached.includes(edited.slice(range.pos, range.end))));
    }
    for (const range of due) {
      tsc.addSyntheticLeadingComment(result, range.kind, this.#inner(range), range.hasTrailingNewLine ?? false);
    }
  }

  #settleTrailing({ node, result }: Grafted<ts.Node>, parent: Grafted<ts.TextRange>): void {
    const tsc = this.#tsc;
    const { text: edited } = this.#ranges;
    const source = this.#file.text;
    const isLast = tsc.isSourceFile(parent.node);
    const trails = isLast || parent.node.end !== node.end;
    const isPlaced = result.end >= 0 && (isLast || parent.result.end !== result.end);
    const printed = isPlaced ? textsOf(source, tsc.getTrailingCommentRanges(source, result.end)) : [];
    const due = trails ? (tsc.getTrailingCommentRanges(edited, node.end) ?? []) : [];
    if (isEqual(printed, textsOf(edited, due))) return;
    if (result.end >= 0) addFlags(tsc, result, tsc.EmitFlags.NoTrailingComments);
    for (const range of due) {
      tsc.addSyntheticTrailingComment(result, range.kind, this.#inner(range), range.hasTrailingNewLine ?? false);
    }
  }

  /** What is between the marks, which the emitter writes itself. */
  #inner(range: ts.CommentRange): string {
    const isBlock = range.kind === this.#tsc.SyntaxKind.MultiLineCommentTrivia;
    return this.#ranges.text.slice(range.pos + 2, isBlock ? range.end - 2 : range.end);
  }
}

/** Whether the token in front belongs to a sibling, which has the comments on that line behind it. */
function followsNode(tsc: TypeScript, node: ts.Node, parent: ts.Node): boolean {
  return (
    tsc.forEachChild(parent, (sibling) => (sibling !== node && sibling.end === node.pos ? true : undefined)) === true
  );
}

/** Whether a node stands in a list, whose emitter looks for comments in front of each element by itself. */
function isElement(node: ts.Node, parent: ts.Node): boolean {
  return Object.values(parent).some((value) => Array.isArray(value) && value.includes(node));
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function addFlags(tsc: TypeScript, node: ts.Node, flags: ts.EmitFlags): void {
  const { emitNode } = node as { emitNode?: { readonly flags?: ts.EmitFlags } };
  tsc.setEmitFlags(node, (emitNode?.flags ?? 0) | flags);
}
