/** Finds the imports whose last use as a value was in text that the edits removed. */
import type ts from "typescript";
import type { Ranges } from "./graft-ranges.ts";
import { startOf } from "./graft-index.ts";
import { isAmbient, jsxNamespace, type TypeScript } from "./graft-internals.ts";
import { aliasesOf, isName, type ImportAlias } from "./graft-names.ts";

/**
 * The checker knows that an import was used, not where. So each use outside of the removed text is asked for
 * by name, place and symbol, by the rules by which the checker marks an alias as referenced.
 */
export function lostAliases(
  tsc: TypeScript,
  file: ts.SourceFile,
  ranges: Ranges,
  generatedNames: ReadonlySet<string>,
  program: ts.Program,
): ReadonlySet<ImportAlias> {
  const options = program.getCompilerOptions();
  const checker = program.getTypeChecker();
  const aliases = aliasesOf(tsc, file);
  if (aliases.size === 0) return new Set();
  const uses = new Map<string, ts.Identifier[]>();
  const removedNames = new Set<string>();
  let hasJsx = false;
  let lostDecorator = false;
  const collect = (node: ts.Node): void => {
    if (tsc.isIdentifier(node)) {
      if (!aliases.has(node.text)) return;
      if (isRemoved(node)) removedNames.add(node.text);
      else uses.set(node.text, [...(uses.get(node.text) ?? []), node]);
      return;
    }
    if (tsc.isDecorator(node)) lostDecorator ||= isRemoved(node);
    if (tsc.isJsxOpeningLikeElement(node) || tsc.isJsxOpeningFragment(node)) hasJsx ||= !isRemoved(node);
    tsc.forEachChild(node, collect);
  };
  tsc.forEachChild(file, collect);

  const jsxName = hasJsx ? jsxNamespace(checker, file) : undefined;
  const lost = new Set<ImportAlias>();
  // `import y = x.z` loses x with y.
  const hasChain = [...aliases.values()].some(
    (alias) => tsc.isImportEqualsDeclaration(alias) && tsc.isEntityName(alias.moduleReference),
  );
  for (const [name, alias] of aliases) {
    // Without its decorator, a signature no longer emits the types in it as metadata.
    if (!hasChain && !removedNames.has(name) && !(lostDecorator && options.emitDecoratorMetadata === true)) continue;
    const isExported = tsc.isImportEqualsDeclaration(alias) && alias.modifiers !== undefined;
    if (!isExported && name !== jsxName && !generatedNames.has(name) && !isUsed(name, alias)) lost.add(alias);
  }
  return lost;

  function isRemoved(node: ts.Node): boolean {
    return ranges.removedIn(startOf(node, file), node.end) !== undefined;
  }

  function isUsed(name: string, alias: ImportAlias): boolean {
    return (uses.get(name) ?? []).some((id) => isValueUse(id) && symbolAt(id) === symbolOf(alias));
  }

  function symbolOf(alias: ImportAlias): ts.Symbol | undefined {
    return alias.name === undefined ? undefined : checker.getSymbolAtLocation(alias.name);
  }

  function symbolAt(id: ts.Identifier): ts.Symbol | undefined {
    const { parent } = id;
    if (tsc.isShorthandPropertyAssignment(parent)) return checker.getShorthandAssignmentValueSymbol(parent);
    if (tsc.isExportSpecifier(parent)) return checker.getExportSpecifierLocalTargetSymbol(parent);
    return checker.getSymbolAtLocation(id);
  }

  function isValueUse(id: ts.Identifier): boolean {
    const { parent } = id;
    if (isAmbient(id) || isName(tsc, id)) return false;
    if (tsc.isExportSpecifier(parent)) {
      const { parent: clause } = parent.parent;
      return !parent.isTypeOnly && !clause.isTypeOnly && clause.moduleSpecifier === undefined && isValue(id);
    }
    let top: ts.Node = id;
    while (tsc.isQualifiedName(top.parent) && top.parent.left === top) top = top.parent;
    // `import y = x.z` uses x where y is used.
    if (tsc.isImportEqualsDeclaration(top.parent)) {
      const { modifiers, name } = top.parent;
      return modifiers !== undefined || generatedNames.has(name.text) || isUsed(name.text, top.parent);
    }
    if (tsc.isExpressionWithTypeArguments(parent) || tsc.isPropertyAccessExpression(parent)) {
      const heritage = heritageOf(tsc, parent);
      if (heritage !== undefined) return isExtendsOfClass(tsc, heritage) && isRuntimeValue(id);
    }
    if (tsc.isTypeNode(top.parent) || tsc.isQualifiedName(parent)) return isMetadata(top.parent);
    return isRuntimeValue(id);
  }

  /** Whether a type is written where decorators of the declaration are kept, and so is emitted as a value. */
  function isMetadata(type: ts.Node): boolean {
    if (options.emitDecoratorMetadata !== true || options.experimentalDecorators !== true) return false;
    for (let node = type.parent; !tsc.isSourceFile(node); node = node.parent) {
      if (!tsc.canHaveDecorators(node)) continue;
      const decorated = [node, ...(tsc.isParameter(node) ? [node.parent, node.parent.parent] : [])];
      if (decorated.some((one) => hasKeptDecorator(one))) return true;
      if (!tsc.isParameter(node)) return false;
    }
    return false;
  }

  function hasKeptDecorator(node: ts.Node): boolean {
    const own = tsc.canHaveDecorators(node) ? (tsc.getDecorators(node) ?? []) : [];
    return own.some((decorator) => !isRemoved(decorator));
  }

  /** Const enums are inlined: naming one through its namespace is no use. (The checker never counts one that has an import of its own.) */
  function isRuntimeValue(id: ts.Identifier): boolean {
    if (options.isolatedModules === true || options.verbatimModuleSyntax === true) return true;
    const { parent } = id;
    if (!tsc.isPropertyAccessExpression(parent) || parent.expression !== id) return true;
    const member = checker.getSymbolAtLocation(parent.name);
    return member === undefined || (member.flags & tsc.SymbolFlags.ConstEnum) === 0;
  }

  function isValue(id: ts.Identifier): boolean {
    const symbol = symbolAt(id);
    if (symbol === undefined || (symbol.flags & tsc.SymbolFlags.Alias) === 0) return true;
    const { flags } = checker.getAliasedSymbol(symbol);
    return (flags & tsc.SymbolFlags.Value) !== 0 || flags === 0;
  }
}

function heritageOf(tsc: TypeScript, node: ts.Node): ts.HeritageClause | undefined {
  let top = node;
  while (tsc.isPropertyAccessExpression(top)) top = top.parent;
  return tsc.isExpressionWithTypeArguments(top) && tsc.isHeritageClause(top.parent) ? top.parent : undefined;
}

function isExtendsOfClass(tsc: TypeScript, { token, parent }: ts.HeritageClause): boolean {
  return token === tsc.SyntaxKind.ExtendsKeyword && tsc.isClassLike(parent);
}
