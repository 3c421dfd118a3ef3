/** Removes the imports that only macros used, so that nothing of us is left where no macro is. */
import type { Alias, Bindings } from "../bindings.ts";
import { replacedBy, type Edit } from "../edit.ts";
import type { Node } from "../parse.ts";
import { isConstant, type Binding } from "../scope.ts";
import { isListed } from "../syntax.ts";
import { rewrite } from "./rewrite.ts";
import { stripStatement } from "./strip.ts";

/**
 * Edits that remove what the other edits made unused: aliases of `trace`, then imports and requires. `again`
 * are the uses that the other edits' text repeats.
 */
export function dropUnused(
  bindings: Bindings,
  edits: readonly Edit[],
  again: ReadonlySet<Node>,
  code: string,
): readonly Edit[] {
  const dropped = [...edits];
  let isGone = goneIn(dropped, again);
  for (const alias of bindings.aliases.toReversed()) {
    const statement = aliasStatement(alias);
    if (statement === undefined || !isGone(alias.binding)) continue;
    dropped.push(stripStatement(statement, code));
    isGone = goneIn(dropped, again);
  }
  // Last first: `const { trace } = dt` goes before the import of `dt` that it uses.
  const imports = bindings.imports.toReversed();
  for (const statement of new Set(imports.map(({ declaration }) => importStatement(declaration)))) {
    const unused = imports.filter((one) => importStatement(one.declaration) === statement && isGone(one));
    if (statement === undefined || unused.length === 0) continue;
    dropped.push(...dropBindings(statement, unused, code));
    isGone = goneIn(dropped, again);
  }
  return dropped.slice(edits.length);
}

/** Whether every use of a binding at run time stood in text that is replaced; a binding never used is not ours to remove. */
function goneIn(edits: readonly Edit[], again: ReadonlySet<Node>): (binding: Binding) => boolean {
  const isReplaced = replacedBy(edits);
  return (binding) => {
    const uses = binding.references.filter((reference) => !reference.isType);
    return isConstant(binding) && uses.length > 0 && uses.every(({ node }) => !again.has(node) && isReplaced(node));
  };
}

/** The statement of an alias that is declared alone and not exported. */
function aliasStatement({ declarator, binding }: Alias): Node | undefined {
  const declaration = declarator.parent;
  if (declaration?.type !== "VariableDeclaration" || declaration.declarations.length !== 1) return undefined;
  if (binding.references.some((reference) => reference.isType)) return undefined;
  return isListed(declaration) ? declaration : undefined;
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

function dropBindings(statement: Node, unused: readonly Binding[], code: string): readonly Edit[] {
  // What is exported, or declared in the head of a loop, is not ours to remove.
  if (!isListed(statement)) return [];
  switch (statement.type) {
    case "ImportDeclaration": {
      const gone = new Map(unused.map((binding) => [binding.declaration, binding]));
      const kept = statement.specifiers.flatMap((specifier): readonly Kept[] => {
        const binding = gone.get(specifier);
        if (binding === undefined) return [{ specifier, isType: isTypeOnly(specifier) }];
        return isReadAsType(binding) ? [{ specifier, isType: true }] : [];
      });
      if (kept.length > 0) return [keepSpecifiers(statement, kept, code)];
      return [isPure(statement) ? stripStatement(statement, code) : keepEffects(statement, code)];
    }
    case "VariableDeclaration": {
      // `const { trace, Level } = require()`: one declarator brings several names, which go together.
      const [declarator, ...others] = statement.declarations;
      if (others.length > 0 || declarator === undefined) return [];
      const names = declarator.id.type === "ObjectPattern" ? declarator.id.properties.length : 1;
      return names === unused.length && !unused.some(isReadAsType) ? [stripStatement(statement, code)] : [];
    }
    default:
      return [stripStatement(statement, code)];
  }
}

type ImportDeclaration = Node & { readonly type: "ImportDeclaration" };

/** A specifier that stays, and whether only as a type. */
interface Kept {
  readonly specifier: ImportDeclaration["specifiers"][number];
  readonly isType: boolean;
}

function isTypeOnly(specifier: Node): boolean {
  return specifier.type === "ImportSpecifier" && specifier.importKind === "type";
}

function isReadAsType(binding: Binding): boolean {
  return binding.references.some((reference) => reference.isType);
}

/** Whether loading the module does nothing but define: ours does not, one that re-exports us may. */
function isPure(statement: ImportDeclaration): boolean {
  return statement.source.value === "dtracing";
}

/** `import "./log.ts"`: the module of a user still runs. */
function keepEffects(statement: ImportDeclaration, code: string): Edit {
  return rewrite(code, statement.start + "import".length, statement.source.start, "", " ");
}

/** Writes the import anew with what is kept; where only types are, as a type import, which leaves nothing at run time. */
function keepSpecifiers(statement: ImportDeclaration, kept: readonly Kept[], code: string): Edit {
  const onlyTypes = isPure(statement) && kept.every(({ isType }) => isType);
  const isDefault = statement.specifiers[0]?.type === "ImportDefaultSpecifier";
  // Behind the default import, which has no macros to drop, or behind the word `import`; up to the word `from`.
  const start = isDefault ? (statement.specifiers[0]?.end ?? 0) : statement.start + "import".length;
  const end = code.lastIndexOf("from", statement.source.start);
  const [namespace] = kept.filter(({ specifier }) => specifier.type === "ImportNamespaceSpecifier");
  if (namespace !== undefined) {
    const { specifier } = namespace;
    return rewrite(code, start, end, ` type ${code.slice(specifier.start, specifier.end)}`, " ");
  }
  const names = kept.flatMap(({ specifier, isType }) => {
    if (specifier.type === "ImportDefaultSpecifier") return [];
    const text = code.slice(specifier.start, specifier.end).replace(/^type\s+/, "");
    return [isType && !onlyTypes ? `type ${text}` : text];
  });
  const clause = names.length === 0 ? "" : `${isDefault ? "," : ""}${onlyTypes ? " type" : ""} { ${names.join(", ")}`;
  return rewrite(code, start, end, clause, names.length === 0 ? " " : " } ");
}
