/** Our diagnostics as TypeScript's own, so that `tspc` prints them with their place and fails. */
import type ts from "typescript";
import { sentence, type Diagnostic } from "../diagnostics.ts";
import type { TypeScript } from "./graft-internals.ts";

// ts.DiagnosticCategory, which TypeScript 7 does not have: and that is what we have to say there.
const warning: ts.DiagnosticCategory = 0;
const error: ts.DiagnosticCategory = 1;

export function isWarning({ category }: ts.Diagnostic): boolean {
  return category === warning;
}

/** Whether a plugin's `transform` names this one. */
export function isOurs(name: unknown): boolean {
  return typeof name === "string" && /dtracing.*transformer/.test(name);
}

/** Codes of our own, far above TypeScript's: E007 is 990007, W001 is 990101. */
function codeNumber(code: string): number {
  return 990_000 + (code.startsWith("W") ? 100 : 0) + Number(code.slice(1));
}

export function toCompiler(tsc: TypeScript, file: ts.SourceFile, diagnostic: Diagnostic): ts.Diagnostic {
  return {
    file: tsc.getParseTreeNode(file, tsc.isSourceFile) ?? file,
    start: diagnostic.start,
    length: diagnostic.end - diagnostic.start,
    category: diagnostic.severity === "error" ? error : warning,
    code: codeNumber(diagnostic.code),
    source: "dtracing",
    messageText: sentence(diagnostic),
  };
}

/** Points at the option whose name the message quotes, or at the plugin, in the tsconfig.json that has it. */
export function optionDiagnostic(
  tsc: TypeScript,
  code: string,
  messageText: string,
  files: readonly ts.JsonSourceFile[],
): ts.Diagnostic {
  const file = files.find((one) => pluginEntry(tsc, one) !== undefined);
  const entry = file && pluginEntry(tsc, file);
  const at = entry && (optionNode(tsc, entry, messageText) ?? entry);
  const start = at?.getStart(file);
  return {
    file,
    start,
    length: at === undefined || start === undefined ? undefined : at.end - start,
    category: error,
    code: codeNumber(code),
    source: "dtracing",
    messageText,
  };
}

function pluginEntry(tsc: TypeScript, file: ts.JsonSourceFile): ts.ObjectLiteralExpression | undefined {
  const isEntry = (property: ts.Node): boolean =>
    tsc.isPropertyAssignment(property) &&
    tsc.isStringLiteral(property.initializer) &&
    isOurs(property.initializer.text);
  // The nodes of tsconfig.json have no parents.
  const find = (node: ts.Node): ts.ObjectLiteralExpression | undefined =>
    tsc.isObjectLiteralExpression(node) && node.properties.some(isEntry) ? node : tsc.forEachChild(node, find);
  return find(file);
}

function optionNode(tsc: TypeScript, entry: ts.ObjectLiteralExpression, message: string): ts.Node | undefined {
  for (const property of entry.properties) {
    if (!tsc.isPropertyAssignment(property) || !tsc.isStringLiteral(property.name)) continue;
    const { initializer, name } = property;
    if (tsc.isObjectLiteralExpression(initializer)) {
      const inner = optionNode(tsc, initializer, message);
      if (inner !== undefined) return inner;
    }
    if (new RegExp(`["'. ]${name.text.replaceAll(/\W/g, "\\$&")}["'. \\[]`).test(message)) return property;
  }
  return undefined;
}

/** Diagnostics as `tspc --pretty false` prints them. */
export function formatAll(tsc: TypeScript, program: ts.Program, diagnostics: readonly ts.Diagnostic[]): string {
  return tsc.formatDiagnostics(diagnostics, {
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getCanonicalFileName: (name) => name,
    getNewLine: () => "\n",
  });
}

export function isSame(a: ts.Diagnostic, b: ts.Diagnostic): boolean {
  return a.file?.fileName === b.file?.fileName && a.start === b.start && a.messageText === b.messageText;
}
