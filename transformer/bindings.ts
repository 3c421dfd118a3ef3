/** Which expressions of a file are the `trace` of this package, however they got their name. */
import type { Node, Program } from "./parse.ts";
import { analyseScopes, isConstant, type Binding, type Scopes } from "./scope.ts";
import { memberName, stringValue, unwrap, wrapped } from "./syntax.ts";

/** A member read from a `trace`: a macro, or a mistake. */
export interface TraceMember {
  /** The member expression: `trace.info`, `log["info"]`. */
  readonly node: Node;
  readonly name: string;
  /** The calls of `with({ … })` that the trace went through, outermost last. */
  readonly withs: readonly With[];
}

/** One `with({ … })` on the way to a macro. */
export interface With {
  readonly call: Node & { readonly type: "CallExpression" };
  /** The constant the result was kept in, read by the macro's own expression; absent when it is called in place. */
  readonly alias?: Node & { readonly name: string };
}

/** A `const log = trace.with({ … })`. */
export interface Alias {
  readonly declarator: Node & { readonly type: "VariableDeclarator" };
  readonly binding: Binding;
}

export interface Bindings {
  readonly scopes: Scopes;
  readonly members: readonly TraceMember[];
  readonly aliases: readonly Alias[];
  /** The bindings that were imported or required from us, `trace` or not. */
  readonly imports: readonly Binding[];
  /** The name of an export of ours that an expression reads: `"Level"`, `"debug"`. */
  exportOf(node: Node): string | undefined;
  /** Every expression that reads one of our exports. */
  exportsNamed(name: string): readonly Node[];
}

/** What a value is to us: the whole module, one of its exports, or a `trace` with options. */
type Meaning =
  | { readonly kind: "module" }
  | { readonly kind: "export"; readonly name: string }
  | { readonly kind: "trace"; readonly withs: readonly With[] };

const theModule: Meaning = { kind: "module" };

/** Follows `trace` from its imports through renames, namespaces, `require`, `with` and constants. */
export function bind(program: Program, modules: readonly string[]): Bindings {
  const scopes = analyseScopes(program);
  const members: TraceMember[] = [];
  const aliases: Alias[] = [];
  const imports: Binding[] = [];
  const exports = new Map<Node, string>();
  const isOurs = (source: Node): boolean => modules.includes(stringValue(source) ?? "");

  for (const binding of scopes.top.values()) {
    const meaning = importMeaning(binding.declaration, isOurs);
    if (meaning === undefined) continue;
    imports.push(binding);
    followBinding(binding, meaning);
  }
  for (const { node } of scopes.globalReferences("require")) {
    const call = node.parent;
    if (call?.type !== "CallExpression" || call.callee !== node) continue;
    const source = call.arguments[0];
    if (source !== undefined && isOurs(source)) follow(call, theModule);
  }
  return {
    scopes,
    members,
    aliases,
    imports,
    exportOf: (node) => exports.get(unwrap(node)),
    exportsNamed: (name) => [...exports].flatMap(([node, exported]) => (exported === name ? [node] : [])),
  };

  function followBinding(binding: Binding, meaning: Meaning): void {
    for (const { node, isType } of binding.references) if (!isType) follow(node, withAlias(meaning, node));
  }

  /** Looks at what is done with a value whose meaning is known. */
  function follow(node: Node, meaning: Meaning): void {
    if (meaning.kind === "export") exports.set(unwrap(node), meaning.name);
    const value = wrapped(node);
    const user = value.parent;
    if (user?.type === "MemberExpression" && user.object === value) followMember(user, meaning);
    else if (user?.type === "VariableDeclarator" && user.init === value) followDeclarator(user, meaning);
  }

  function followMember(member: Node, meaning: Meaning): void {
    const name = memberName(member);
    if (name === undefined) return;
    if (meaning.kind === "module") follow(member, exportMeaning(name));
    if (meaning.kind !== "trace") return;
    const callee = wrapped(member);
    const call = callee.parent;
    if (name === "with" && call?.type === "CallExpression" && call.callee === callee) {
      follow(call, { kind: "trace", withs: [...meaning.withs, { call }] });
    } else members.push({ node: member, name, withs: meaning.withs });
  }

  function followDeclarator(declarator: Alias["declarator"], meaning: Meaning): void {
    if (declarator.id.type === "Identifier") {
      const binding = scopes.bindingOf(declarator.id);
      if (binding === undefined || !isConstant(binding)) return;
      if (meaning.kind === "trace") aliases.push({ declarator, binding });
      else imports.push(binding);
      followBinding(binding, meaning);
    } else if (declarator.id.type === "ObjectPattern") {
      for (const property of declarator.id.properties) {
        if (property.type === "RestElement" || property.computed) continue;
        const name = property.key.type === "Identifier" ? property.key.name : stringValue(property.key);
        if (name === undefined) continue;
        // Taking a macro out of `trace` is a use as a value; find() reports it.
        if (meaning.kind === "trace") members.push({ node: property, name, withs: meaning.withs });
        const binding = scopes.bindingOf(property.value);
        if (meaning.kind !== "module" || binding === undefined || !isConstant(binding)) continue;
        imports.push(binding);
        followBinding(binding, exportMeaning(name));
      }
    }
  }
}

function importMeaning(declaration: Node, isOurs: (source: Node) => boolean): Meaning | undefined {
  const parent = declaration.parent;
  switch (declaration.type) {
    case "ImportSpecifier":
      if (parent?.type !== "ImportDeclaration" || parent.importKind === "type" || !isOurs(parent.source))
        return undefined;
      if (declaration.importKind === "type") return undefined;
      return exportMeaning(
        declaration.imported.type === "Identifier" ? declaration.imported.name : declaration.imported.value,
      );
    case "ImportNamespaceSpecifier":
      return parent?.type === "ImportDeclaration" && isOurs(parent.source) ? theModule : undefined;
    case "TSImportEqualsDeclaration":
      return declaration.moduleReference.type === "TSExternalModuleReference" &&
        isOurs(declaration.moduleReference.expression)
        ? theModule
        : undefined;
    default:
      return undefined;
  }
}

function exportMeaning(name: string): Meaning {
  return name === "trace" ? { kind: "trace", withs: [] } : { kind: "export", name };
}

/** The same meaning, read through the constant `node`: its `with`s are no longer part of the macro's expression. */
function withAlias(meaning: Meaning, node: With["alias"] & Node): Meaning {
  if (meaning.kind !== "trace" || meaning.withs.length === 0) return meaning;
  return { kind: "trace", withs: meaning.withs.map(({ call }) => ({ call, alias: node })) };
}
