/** JavaScript as its tokens and comments, whatever stands between them. */
import ts from "typescript";

/** One entry for each token and for each comment. */
export function tokensOf(code: string): readonly string[] {
  const file = ts.createSourceFile("a.jsx", code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JSX);
  const tokens: string[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) return children.forEach(walk);
    for (const { pos, end } of commentsBefore(code, node)) tokens.push(code.slice(pos, end).replaceAll(/\s+/g, " "));
    const text = spelling(node, file);
    if (text !== "") tokens.push(text);
  };
  walk(file);
  return tokens;
}

/** A literal that was made is spelt by the emitter: equal is its value. */
function spelling(node: ts.Node, file: ts.SourceFile): string {
  if (ts.isJsxText(node)) return node.text.trim();
  if (ts.isStringLiteral(node)) {
    const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
    return `${JSON.stringify(node.text)}${isAscii(node.getText(file)) && !isAscii(node.text) ? " escaped" : ""}`;
  }
  return ts.isNumericLiteral(node) ? node.text : node.getText(file);
}

/** Comments between the token before and this one: behind the one and in front of the other. */
function commentsBefore(code: string, node: ts.Node): readonly ts.CommentRange[] {
  if (ts.isJsxText(node)) return [];
  const trailing = node.pos === 0 ? [] : (ts.getTrailingCommentRanges(code, node.pos) ?? []);
  return [...trailing, ...(ts.getLeadingCommentRanges(code, node.pos) ?? [])];
}

/** The place where two lists of tokens part, with what stands there. */
export function firstDifference(a: readonly string[], b: readonly string[]): string | undefined {
  const at = Array.from({ length: Math.max(a.length, b.length) }).findIndex((_, index) => a[index] !== b[index]);
  if (at === -1) return undefined;
  const around = (tokens: readonly string[]): string => tokens.slice(Math.max(0, at - 8), at + 12).join(" ");
  return `graft: … ${around(a)}\n  text:  … ${around(b)}`;
}
