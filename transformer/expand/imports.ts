/** Removes the imports that only macros used, so that nothing of us is left where no macro is. */
import type { Alias, Bindings } from "../bindings.ts";
import type { Edit } from "../edit.ts";
import type { Node } from "../parse.ts";
import { isConstant, type Binding } from "../scope.ts";
import { statementsOf } from "../syntax.ts";
import { rewrite } from "./rewrite.ts";
import { stripStatement } from "./strip.ts";

/** Edits that remove what the other edits made unused: aliases of `trace`, then imports and requires. */
export function dropUnused(bindings: Bindings, edits: readonly Edit[], code: string): readonly Edit[] {
  const dropped = [...edits];
  for (const alias of bindings.aliases.toReversed()) {
    const statement = aliasStatement(alias);
    if (statement !== undefined && isGone(alias.binding, dropped)) dropped.push(stripStatement(statement, code));
  }
  const unused = new Set(
    bindings.imports.filter((binding) => isGone(binding, dropped)).map(({ declaration }) => declaration),
  );
  for (const declaration of new Set([...unused].map(importStatement))) {
    if (declaration !== undefined) dropped.push(...dropSpecifiers(declaration, unused, code));
  }
  return dropped.slice(edits.length);
}

/** Whether every use of a binding at run time stood in text that is replaced; a binding never used is not ours to remove. */
function isGone(binding: Binding, edits: readonly Edit[]): boolean {
  const uses = binding.references.filter((reference) => !reference.isType);
  return (
    isConstant(binding) &&
    uses.length > 0 &&
    uses.every(({ node }) => edits.some((edit) => edit.start <= node.start && node.end <= edit.end))
  );
}

/** The statement of an alias that is declared alone and not exported. */
function aliasStatement({ declarator, binding }: Alias): Node | undefined {
  const declaration = declarator.parent;
  if (declaration?.type !== "VariableDeclaration" || declaration.declarations.length !== 1) return undefined;
  if (binding.references.some((reference) => reference.isType)) return undefined;
  const list = declaration.parent ? statementsOf(declaration.parent) : undefined;
  return list?.includes(declaration) === true ? declaration : undefined;
}

/** The statement that brings an import, or the `const … = require()` that does. */
function importStatement(declaration: Node): Node | undefined {
  switch (declaration.type) {
    case "ImportSpecifier":
    case "ImportNamespaceSpecifier":
    case "VariableDeclarator":
      return declaration.parent ?? undefined;
    default:
      return declaration;
  }
}

function dropSpecifiers(statement: Node, unused: ReadonlySet<Node>, code: string): readonly Edit[] {
  switch (statement.type) {
    case "ImportDeclaration": {
      const kept = statement.specifiers.filter((specifier) => !unused.has(specifier));
      if (kept.length === 0) return [stripStatement(statement, code)];
      return kept.length === statement.specifiers.length ? [] : keepSpecifiers(statement, kept, code);
    }
    case "VariableDeclaration": {
      // `const { trace, Level } = require()`: one declarator brings several names, which go together.
      const [declarator, ...others] = statement.declarations;
      if (others.length > 0 || declarator === undefined) return [];
      const names = declarator.id.type === "ObjectPattern" ? declarator.id.properties.length : 1;
      return names === 1 ? [stripStatement(statement, code)] : [];
    }
    default:
      return [stripStatement(statement, code)];
  }
}

type ImportDeclaration = Node & { readonly type: "ImportDeclaration" };

/** Writes the import anew with what is kept; where only types are, as a type import, which leaves nothing at run time. */
function keepSpecifiers(
  statement: ImportDeclaration,
  kept: ImportDeclaration["specifiers"],
  code: string,
): readonly Edit[] {
  const onlyTypes = kept.every((specifier) => specifier.type === "ImportSpecifier" && specifier.importKind === "type");
  const first = statement.specifiers[0] as Node;
  const last = statement.specifiers.at(-1) as Node;
  // From the opening to the closing brace; a default or namespace import beside them has no macros to drop.
  const open = code.lastIndexOf("{", first.start);
  const close = code.indexOf("}", last.end);
  const names = kept.map((specifier) => {
    const text = code.slice(specifier.start, specifier.end);
    return onlyTypes ? text.replace(/^type\s+/, "") : text;
  });
  return [rewrite(code, open, close, `${onlyTypes ? "type " : ""}{ ${names.join(", ")}`, " ")];
}
