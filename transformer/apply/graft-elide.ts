/** Drops what tsc would have dropped from the imports of the edited text. */
import type ts from "typescript";
import { cloneNode, type EmitResolver, type TypeScript } from "./graft-internals.ts";
import { namesOf, type ImportAlias } from "./graft-names.ts";

/** What the elision of one file is decided by. */
export interface Elision {
  readonly tsc: TypeScript;
  readonly factory: ts.NodeFactory;
  /** Whether imports are emitted as they are written: verbatimModuleSyntax, and in JavaScript. */
  readonly isVerbatim: boolean;
  readonly resolver: EmitResolver | undefined;
  readonly lost: ReadonlySet<ImportAlias>;
  /** Declarations that generated code names: it may be the first to use an import as a value. */
  readonly named: ReadonlySet<ts.Node>;
}

/**
 * tsc elides an import that no transformer touched. Of one that was touched it takes the clause as it is
 * (microsoft/TypeScript#40603), so that is elided here; and the checker saw the source, so an import used
 * only in removed text is touched by that.
 */
export function elide(statement: ts.Statement, elision: Elision): ts.Statement | undefined {
  const { tsc } = elision;
  if (tsc.isImportDeclaration(statement)) return elideImport(statement, elision);
  if (tsc.isImportEqualsDeclaration(statement)) return elideImportEquals(statement, elision);
  if (tsc.isExportDeclaration(statement)) return elideExport(statement, elision);
  return statement;
}

function elideImport(statement: ts.ImportDeclaration, elision: Elision): ts.ImportDeclaration | undefined {
  const { tsc, factory, isVerbatim, lost } = elision;
  const clause = statement.importClause;
  const source = tsc.getParseTreeNode(statement, tsc.isImportDeclaration);
  // Made by the edits, or for its effects only.
  if (clause === undefined) return statement;
  if (source === undefined) return clause.isTypeOnly ? undefined : statement;
  const aliases = new Map(namesOf(tsc, source));
  const isFound = [...aliases.values()].some((alias) => isFirstUsed(alias, elision));
  if (source === statement && !isFound && ![...aliases.values()].some((alias) => lost.has(alias))) return statement;
  if (clause.isTypeOnly) return undefined;

  const isKept = (name: ts.Identifier): boolean => isEmitted(aliases.get(name.text), elision);
  const name = clause.name !== undefined && isKept(clause.name) ? clause.name : undefined;
  let bindings = clause.namedBindings;
  if (bindings !== undefined && tsc.isNamespaceImport(bindings))
    bindings = isKept(bindings.name) ? bindings : undefined;
  else if (bindings !== undefined) {
    const elements = bindings.elements.filter((specifier) => !specifier.isTypeOnly && isKept(specifier.name));
    bindings = elements.length > 0 || isVerbatim ? factory.updateNamedImports(bindings, elements) : undefined;
  }
  if (name === undefined && bindings === undefined) return undefined;
  // Before 5.9 the second argument is isTypeOnly, from then on a phase (`defer`): `false` is neither.
  const updated = (factory.updateImportClause as (...args: unknown[]) => ts.ImportClause)(
    clause,
    (clause as { readonly phaseModifier?: ts.SyntaxKind }).phaseModifier ?? false,
    name,
    bindings,
  );
  return factory.updateImportDeclaration(
    statement,
    statement.modifiers,
    // tsc takes a clause as it is only where it is another node.
    isFound && updated === source.importClause ? cloneNode(tsc, updated) : updated,
    statement.moduleSpecifier,
    statement.attributes,
  );
}

function elideImportEquals(statement: ts.ImportEqualsDeclaration, elision: Elision): ts.Statement | undefined {
  const { tsc, factory, lost } = elision;
  const source = tsc.getParseTreeNode(statement, tsc.isImportEqualsDeclaration);
  if (source === undefined) return statement;
  if (source === statement && isFirstUsed(source, elision)) {
    const { modifiers, isTypeOnly, name, moduleReference } = statement;
    return factory.updateImportEqualsDeclaration(
      statement,
      modifiers,
      isTypeOnly,
      cloneNode(tsc, name),
      moduleReference,
    );
  }
  if (source === statement && !lost.has(source)) return statement;
  return !statement.isTypeOnly && isEmitted(source, elision) ? statement : undefined;
}

function elideExport(statement: ts.ExportDeclaration, elision: Elision): ts.Statement | undefined {
  const { tsc, factory, isVerbatim, resolver } = elision;
  const { exportClause: clause } = statement;
  const source = tsc.getParseTreeNode(statement, tsc.isExportDeclaration);
  if (source === undefined || source === statement) return statement;
  if (statement.isTypeOnly) return undefined;
  if (clause === undefined || !tsc.isNamedExports(clause)) return statement;
  const elements = clause.elements.filter(
    (specifier) => !specifier.isTypeOnly && (isVerbatim || resolver?.isValueAliasDeclaration(specifier) !== false),
  );
  if (elements.length === 0 && !isVerbatim) return undefined;
  return factory.updateExportDeclaration(
    statement,
    statement.modifiers,
    false,
    factory.updateNamedExports(clause, elements),
    statement.moduleSpecifier,
    statement.attributes,
  );
}

/** Whether tsc keeps an alias; one that only the edited text has is there because generated code uses it. */
function isEmitted(alias: ImportAlias | undefined, elision: Elision): boolean {
  const { isVerbatim, resolver, lost } = elision;
  if (isVerbatim || alias === undefined || isFirstUsed(alias, elision)) return true;
  return !lost.has(alias) && resolver?.isReferencedAliasDeclaration(alias) !== false;
}

/** Whether only generated code uses an import as a value, as that of a doc comment's `fields` may: the checker saw no use. */
function isFirstUsed(alias: ImportAlias, { isVerbatim, resolver, named }: Elision): boolean {
  if (isVerbatim || !named.has(alias) || resolver === undefined) return false;
  return !resolver.isReferencedAliasDeclaration(alias) && resolver.isValueAliasDeclaration(alias);
}
