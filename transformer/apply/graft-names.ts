/** The names that imports declare, and which identifiers are names at all. */
import type ts from "typescript";
import type { TypeScript } from "./graft-internals.ts";

/** A declaration that gives an imported thing a name in this file. */
export type ImportAlias = ts.ImportClause | ts.NamespaceImport | ts.ImportSpecifier | ts.ImportEqualsDeclaration;

/** Every name that the file imports, with its declaration. */
export function aliasesOf(tsc: TypeScript, file: ts.SourceFile): ReadonlyMap<string, ImportAlias> {
  const aliases = new Map<string, ImportAlias>();
  for (const statement of file.statements) {
    if (tsc.isImportEqualsDeclaration(statement)) aliases.set(statement.name.text, statement);
    if (tsc.isImportDeclaration(statement)) for (const alias of namesOf(tsc, statement)) aliases.set(...alias);
  }
  return aliases;
}

/** The names that an import declaration declares. */
export function namesOf(tsc: TypeScript, { importClause }: ts.ImportDeclaration): readonly [string, ImportAlias][] {
  const bindings = importClause?.namedBindings;
  return [
    ...(importClause?.name === undefined ? [] : [[importClause.name.text, importClause] as [string, ImportAlias]]),
    ...(bindings === undefined ? [] : tsc.isNamespaceImport(bindings) ? [bindings] : bindings.elements).map(
      (alias): [string, ImportAlias] => [alias.name.text, alias],
    ),
  ];
}

/** Whether an identifier names a declaration or a member, and so refers to nothing in scope. */
export function isName(tsc: TypeScript, id: ts.Identifier): boolean {
  const { parent } = id;
  if (tsc.isPropertyAccessExpression(parent)) return parent.name === id;
  if (tsc.isQualifiedName(parent)) return parent.right === id;
  if (tsc.isShorthandPropertyAssignment(parent) || tsc.isExportSpecifier(parent)) return false;
  if (tsc.isBindingElement(parent)) return parent.name === id || parent.propertyName === id;
  if (tsc.isJsxAttribute(parent) || tsc.isMetaProperty(parent) || tsc.isLabeledStatement(parent)) return true;
  if (tsc.isBreakOrContinueStatement(parent)) return true;
  return (parent as { readonly name?: ts.Node }).name === id;
}
