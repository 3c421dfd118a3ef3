/** The second applier: puts edits into tsc's tree, so that what the edits left alone keeps its nodes, types and places. */
import type ts from "typescript";
import type { Edit } from "../edit.ts";
import { Comments, type Grafted } from "./graft-comments.ts";
import { keepDetached } from "./graft-detached.ts";
import { elide } from "./graft-elide.ts";
import { NodeIndex, startOf } from "./graft-index.ts";
import {
  adoptFileFacts,
  cloneNode,
  emitResolver,
  forgetOriginal,
  reparse,
  resolveName,
  type TypeScript,
} from "./graft-internals.ts";
import { isName } from "./graft-names.ts";
import { Ranges } from "./graft-ranges.ts";
import { lostAliases } from "./graft-references.ts";

const nowhere: ts.TextRange = { pos: -1, end: -1 };

/**
 * Applies the edits as text, parses that once, and walks the new tree: a node that no edit reaches is replaced
 * by the original; one that holds an edit becomes a copy that refers to its original; one made by an edit
 * becomes synthetic. What is emitted equals what tsc emits of the edited text.
 */
export function graft(
  tsc: TypeScript,
  file: ts.SourceFile,
  edits: readonly Edit[],
  context: ts.TransformationContext,
  program: ts.Program,
): ts.SourceFile {
  const ranges = new Ranges(file.text, edits);
  const reparsed = reparse(tsc, file, ranges.text);
  const index = new NodeIndex(tsc, file, ranges);
  const comments = new Comments(tsc, file, ranges);
  const options = context.getCompilerOptions();
  const generatedNames = new Set<string>();
  /** What is declared in the source, and named by generated code. */
  const named = new Set<ts.Node>();
  // The innermost node of the source around the copy that is being made.
  let scope: ts.Node = tsc.getParseTreeNode(file) ?? file;
  // The node that is being copied, and the place its copy will have.
  let parent: Grafted<ts.TextRange> = { node: reparsed, result: file };

  const statements = visitList(reparsed.statements);
  const elision = {
    tsc,
    factory: context.factory,
    isVerbatim: options.verbatimModuleSyntax === true || (file.flags & tsc.NodeFlags.JavaScriptFile) !== 0,
    resolver: emitResolver(context),
    lost: lostAliases(tsc, file, ranges, generatedNames, program),
    named,
  };
  const kept = statements.map((statement) => elide(statement, elision)).filter((statement) => statement !== undefined);
  const list = tsc.setTextRange(context.factory.createNodeArray(kept), statements);
  const grafted = context.factory.updateSourceFile(file, list);
  adoptFileFacts(grafted, reparsed);
  keepDetached(tsc, grafted, ranges.text, options.removeComments === true);
  return grafted;

  function visit(node: ts.Node): ts.Node {
    const start = startOf(node, reparsed);
    const at = ranges.untouched(start, node.end);
    const original = at === undefined ? undefined : index.find(at, at + node.end - start, node.kind);
    const around = parent;
    const result = original ?? copy(node, start, counterpart(node, start));
    if (options.removeComments !== true) comments.settle({ node, result }, around);
    return result;
  }

  /** The node of the source that a node holding edits is a version of. */
  function counterpart(node: ts.Node, start: number): ts.Node | undefined {
    // What one edit made is new, even where it has the place and the kind of what it replaces.
    if (ranges.generated(start, node.end) !== undefined || ranges.isWrapper(start, node.end)) return undefined;
    const isUnit =
      tsc.isClassElement(node) || tsc.isStatement(node) || tsc.isParameter(node) || tsc.isFunctionLike(node);
    const ends = ranges.ends(node.end);
    const exact = ranges.starts(start).flatMap((from) => ends.map((to) => index.find(from, to, node.kind)));
    const moved = isUnit ? ends.map((to) => index.findByEnd(ranges.starts(start)[0] ?? start, to, node.kind)) : [];
    const found = [...exact, ...moved].find((one) => one !== undefined);
    return found;
  }

  function copy(node: ts.Node, start: number, original: ts.Node | undefined): ts.Node {
    const [around, outer] = [parent, scope];
    parent = { node, result: original ?? nowhere };
    scope = tsc.getParseTreeNode(original) ?? outer;
    const visited = tsc.visitEachChild(node, visit, context, visitList as ts.NodesVisitor, visit) as ts.Node;
    parent = around;
    scope = outer;
    // visitEachChild copies a node that has children; a leaf comes back as it is, from the wrong tree.
    const clone = visited === node ? cloneNode(tsc, node) : visited;
    forgetOriginal(clone);
    // The factory marks member accesses as fresh, which joins the lines of a chain; strings it would escape.
    tsc.setEmitFlags(clone, tsc.isStringLiteralLike(clone) ? tsc.EmitFlags.NoAsciiEscaping : tsc.EmitFlags.None);
    if (original !== undefined) {
      tsc.setOriginalNode(clone, original);
      return tsc.setTextRange(clone, original);
    }
    tsc.setTextRange(clone, nowhere);
    const change = ranges.generated(start, node.end);
    if (change === undefined) return clone;
    if (tsc.isIdentifier(node) && !isName(tsc, node)) {
      generatedNames.add(node.text);
      // The use it was copied from, or what it refers to: by it the emitter rewrites an import's name in CommonJS.
      const twin = index.reference(node.text, change) ?? declared(node.text);
      if (twin !== undefined) tsc.setOriginalNode(clone, twin);
    }
    // Only the outermost: what is inside of it goes on with the mapping that is there.
    if (ranges.generated(startOf(around.node, reparsed), around.node.end) === undefined) {
      tsc.setSourceMapRange(clone, { pos: change.start, end: change.end });
    }
    return clone;
  }

  /** The name in the declaration of what generated code names, if that is in this file. */
  function declared(text: string): ts.Node | undefined {
    const symbol = resolveName(program.getTypeChecker(), text, scope, tsc.SymbolFlags.Value | tsc.SymbolFlags.Alias);
    const declaration = symbol?.declarations?.find((one) => one.getSourceFile() === tsc.getParseTreeNode(file));
    if (declaration === undefined) return undefined;
    named.add(declaration);
    return tsc.getNameOfDeclaration(declaration);
  }

  function visitList<T extends ts.Node>(nodes: ts.NodeArray<T>): ts.NodeArray<T>;
  function visitList<T extends ts.Node>(nodes: ts.NodeArray<T> | undefined): ts.NodeArray<T> | undefined {
    if (nodes === undefined) return undefined;
    const items = nodes.map((node) => visit(node) as T);
    const isNew = nodes.end > nodes.pos && ranges.generated(nodes.pos, nodes.end) !== undefined;
    const range = isNew ? nowhere : { pos: ranges.ends(nodes.pos)[0] ?? -1, end: ranges.ends(nodes.end)[0] ?? -1 };
    return tsc.setTextRange(tsc.factory.createNodeArray(items, nodes.hasTrailingComma), range);
  }
}
