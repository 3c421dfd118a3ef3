/** TypeScript's internal members that the graft needs, in one typed place, each with the reason. */
import type ts from "typescript";

export type TypeScript = typeof ts;

/** What the emitter's resolver knows of aliases: the only source of tsc's import elision. */
export interface EmitResolver {
  /** Whether the checker saw a use of this import as a value. */
  isReferencedAliasDeclaration(node: ts.Node): boolean;
  /** Whether what this alias stands for exists at run time. */
  isValueAliasDeclaration(node: ts.Node): boolean;
}

/** `undefined` where there is no program behind the context (`ts.transform`). */
export function emitResolver(context: ts.TransformationContext): EmitResolver | undefined {
  const { getEmitResolver } = context as { getEmitResolver?: () => EmitResolver | undefined };
  try {
    return getEmitResolver?.();
  } catch {
    return undefined; // ts.transform's context has the method and throws in it
  }
}

/** Leaves have no public copy function; `visitEachChild` hands them back as they are. */
export function cloneNode<T extends ts.Node>(tsc: TypeScript, node: T): T {
  return (tsc.factory as unknown as { cloneNode(node: T): T }).cloneNode(node);
}

/**
 * Cuts a copy off the tree it was copied from. That tree was never bound: where the resolver follows
 * `original` into it, it asks the checker about symbols that do not exist.
 */
export function forgetOriginal(node: ts.Node): void {
  (node as { original?: ts.Node | undefined }).original = undefined;
}

/** Reparses as the program parsed it: a file's module-ness depends on the compiler options. */
export function reparse(tsc: TypeScript, file: ts.SourceFile, text: string): ts.SourceFile {
  const { languageVersion, impliedNodeFormat } = file;
  const { setExternalModuleIndicator, jsDocParsingMode, scriptKind } = file as unknown as {
    readonly setExternalModuleIndicator?: (file: ts.SourceFile) => void;
    readonly jsDocParsingMode?: ts.JSDocParsingMode;
    readonly scriptKind?: ts.ScriptKind;
  };
  const options = { languageVersion, impliedNodeFormat, setExternalModuleIndicator, jsDocParsingMode };
  return tsc.createSourceFile(file.fileName, text, options as ts.CreateSourceFileOptions, true, scriptKind);
}

/**
 * Takes over what the emitter asks of a whole file: which names are taken, and whether it is a module
 * (the edits can add its first import, or remove its last).
 */
export function adoptFileFacts(file: ts.SourceFile, reparsed: ts.SourceFile): void {
  type Facts = { identifiers: unknown; externalModuleIndicator: unknown };
  const [to, from] = [file as unknown as Facts, reparsed as unknown as Facts];
  to.identifiers = from.identifiers;
  if (from.externalModuleIndicator === undefined) to.externalModuleIndicator = undefined;
  else to.externalModuleIndicator ??= true;
}

/** Whether a node is in a `declare`: the parser notes it, and nothing in there is a use. */
export function isAmbient(node: ts.Node): boolean {
  return (node.flags & (1 << 25)) !== 0; // NodeFlags.Ambient, the same in 5.0 to 6.0
}

/** What a name means in a place; the public API answers that only for nodes of the source. */
export function resolveName(
  checker: ts.TypeChecker,
  name: string,
  location: ts.Node,
  meaning: ts.SymbolFlags,
): ts.Symbol | undefined {
  type Resolve = {
    resolveName?(name: string, location: ts.Node, meaning: number, excludeGlobals: boolean): ts.Symbol | undefined;
  };
  return (checker as Resolve).resolveName?.(name, location, meaning, false);
}

/** The name that JSX stands for in a file (`React`): a reference without an identifier. */
export function jsxNamespace(checker: ts.TypeChecker, file: ts.SourceFile): string | undefined {
  return (checker as { getJsxNamespace?: (node: ts.Node) => string }).getJsxNamespace?.(file);
}

/**
 * tsconfig.json, where the compiler keeps it for its own messages about options, and those that it extends,
 * the nearest last, of which the compiler keeps the names.
 */
export function configFilesOf(tsc: TypeScript, options: ts.CompilerOptions): readonly ts.JsonSourceFile[] {
  const file = options["configFile"] as unknown as ts.TsConfigSourceFile | undefined;
  if (file === undefined) return [];
  const extended = (file.extendedSourceFiles ?? []).map((name) =>
    tsc.readJsonConfigFile(name, (path) => tsc.sys.readFile(path)),
  );
  return [file, ...extended];
}
