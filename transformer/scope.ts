/** Scopes and references of one file: which declaration an identifier means, by JavaScript's own rules. */
import { visitorKeys } from "oxc-parser";
import type { Node, Program } from "./parse.ts";

/** One declared name. */
export interface Binding {
  readonly name: string;
  /** The node that declares it: an import specifier, a declarator, a function, a class, … */
  readonly declaration: Node;
  readonly references: Reference[];
}

/** One use of a name. */
export interface Reference {
  readonly node: Node & { readonly name: string };
  /** In a type: it says nothing about run time. */
  readonly isType: boolean;
  readonly isWrite: boolean;
}

export interface Scopes {
  /** What an identifier means; `undefined` for a global. */
  bindingOf(node: Node): Binding | undefined;
  /** The bindings of the module or script itself. */
  readonly top: ReadonlyMap<string, Binding>;
  /** Uses of a name that nothing in the file declares. */
  globalReferences(name: string): readonly Reference[];
}

interface Scope {
  readonly outer: Scope | undefined;
  /** Whether `var` stops here. */
  readonly isFunction: boolean;
  readonly names: Map<string, Binding>;
}

/** TypeScript's nodes that hold values; every other `TS…` node is a type. */
const valueNodes = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
  "TSNonNullExpression",
  "TSInstantiationExpression",
  "TSEnumDeclaration",
  "TSEnumBody",
  "TSEnumMember",
  "TSModuleDeclaration",
  "TSModuleBlock",
  "TSExportAssignment",
  "TSImportEqualsDeclaration",
  "TSParameterProperty",
  "TSAbstractMethodDefinition",
  "TSAbstractPropertyDefinition",
  "TSAbstractAccessorProperty",
]);

/** Walks a program once, sets `parent` on every node, and resolves every identifier. */
export function analyseScopes(program: Program): Scopes {
  const bindings = new Map<Node, Binding>();
  const unresolved = new Map<string, Reference[]>();
  const found: { readonly reference: Reference; readonly scope: Scope }[] = [];
  const top = newScope(undefined, true);

  visitChildren(program, top, false);
  for (const { reference, scope } of found) resolve(reference, scope);
  return {
    bindingOf: (node) => bindings.get(node),
    top: top.names,
    globalReferences: (name) => unresolved.get(name) ?? [],
  };

  function resolve(reference: Reference, scope: Scope): void {
    const { name } = reference.node;
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      const binding = at.names.get(name);
      if (binding === undefined) continue;
      binding.references.push(reference);
      bindings.set(reference.node, binding);
      return;
    }
    const others = unresolved.get(name);
    if (others === undefined) unresolved.set(name, [reference]);
    else others.push(reference);
  }

  function refer(node: Node, scope: Scope, isType: boolean, isWrite = false): void {
    found.push({ reference: { node: node as Reference["node"], isType, isWrite }, scope });
  }

  function declareName(id: Node, declaration: Node, scope: Scope): void {
    if (id.type !== "Identifier") return;
    // Overloads, merged namespaces and repeated `var`s are one binding.
    const binding = scope.names.get(id.name) ?? { name: id.name, declaration, references: [] };
    scope.names.set(id.name, binding);
    bindings.set(id, binding);
  }

  /** Declares every name of a pattern in `target`, and visits its defaults and computed keys in `scope`. */
  function declarePattern(pattern: Node, declaration: Node, target: Scope, scope: Scope): void {
    switch (pattern.type) {
      case "Identifier":
        declareName(pattern, declaration, target);
        visitKeys(pattern, ["decorators", "typeAnnotation"], scope, false);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties) {
          setParent(property, pattern);
          if (property.type === "RestElement") declareChild(property, property.argument, declaration, target, scope);
          else {
            if (property.computed) visitKeys(property, ["key"], scope, false);
            declareChild(property, property.value, declaration, target, scope);
          }
        }
        visitKeys(pattern, ["decorators", "typeAnnotation"], scope, false);
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) {
          if (element !== null) declareChild(pattern, element, declaration, target, scope);
        }
        visitKeys(pattern, ["decorators", "typeAnnotation"], scope, false);
        return;
      case "AssignmentPattern":
        declareChild(pattern, pattern.left, declaration, target, scope);
        visitKeys(pattern, ["right"], scope, false);
        return;
      case "RestElement":
        declareChild(pattern, pattern.argument, declaration, target, scope);
        visitKeys(pattern, ["typeAnnotation"], scope, false);
        return;
      case "TSParameterProperty":
        visitKeys(pattern, ["decorators"], scope, false);
        declareChild(pattern, pattern.parameter, declaration, target, scope);
        return;
      default:
        visit(pattern, scope, false);
    }
  }

  function declareChild(parent: Node, child: Node, declaration: Node, target: Scope, scope: Scope): void {
    setParent(child, parent);
    declarePattern(child, declaration, target, scope);
  }

  function visitFunction(node: Node, outer: Scope): void {
    if (!("params" in node) || !("body" in node)) return;
    const scope = newScope(outer, true);
    if (node.type === "FunctionExpression" && node.id) declareName(node.id, node, scope);
    visitKeys(node, ["typeParameters", "returnType"], scope, true);
    for (const parameter of node.params as readonly Node[]) declareChild(node, parameter, parameter, scope, scope);
    const body = node.body as Node | null;
    if (body === null) return;
    setParent(body, node);
    // A default of a parameter does not see what the body declares; `var` stops at the body.
    if (body.type === "BlockStatement") visitChildren(body, newScope(scope, true), false);
    else visit(body, scope, false);
  }

  function visit(node: Node, scope: Scope, inType: boolean): void {
    switch (node.type) {
      case "Identifier":
      case "JSXIdentifier":
        refer(node, scope, inType);
        return;
      case "FunctionDeclaration":
      case "TSDeclareFunction":
        if (node.id) declareName(node.id, node, scope);
        visitFunction(node, scope);
        return;
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "TSEmptyBodyFunctionExpression":
        visitFunction(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression": {
        const inner = newScope(scope, false);
        if (node.id) declareName(node.id, node, node.type === "ClassDeclaration" ? scope : inner);
        visitKeys(node, ["decorators"], scope, false);
        visitKeys(node, ["typeParameters", "superTypeArguments", "implements"], inner, true);
        visitKeys(node, ["superClass", "body"], inner, false);
        return;
      }
      case "VariableDeclaration": {
        const target = node.kind === "var" ? functionScope(scope) : scope;
        for (const declarator of node.declarations) {
          setParent(declarator, node);
          declareChild(declarator, declarator.id, declarator, target, scope);
          visitKeys(declarator, ["init"], scope, false);
        }
        return;
      }
      case "ImportDeclaration":
        for (const specifier of node.specifiers) {
          setParent(specifier, node);
          declareName(specifier.local, specifier, scope);
        }
        return;
      case "TSImportEqualsDeclaration":
        declareName(node.id, node, scope);
        visitKeys(node, ["moduleReference"], scope, inType);
        return;
      case "TSEnumDeclaration":
        declareName(node.id, node, scope);
        visitKeys(node, ["body"], newScope(scope, true), false);
        return;
      case "TSEnumMember":
        declareName(node.id, node, scope);
        visitKeys(node, ["initializer"], scope, false);
        return;
      case "TSModuleDeclaration":
        declareName(node.id, node, scope);
        visitKeys(node, ["body"], newScope(scope, true), inType);
        return;
      case "CatchClause": {
        const inner = newScope(scope, false);
        if (node.param) declareChild(node, node.param, node, inner, inner);
        visitKeys(node, ["body"], inner, false);
        return;
      }
      case "BlockStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "SwitchStatement":
        visitChildren(node, newScope(scope, false), inType);
        return;
      case "StaticBlock":
        visitChildren(node, newScope(scope, true), inType);
        return;
      case "MemberExpression":
        visitKeys(node, node.computed ? ["object", "property"] : ["object"], scope, inType);
        return;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
      case "AccessorProperty":
      case "TSAbstractMethodDefinition":
      case "TSAbstractPropertyDefinition":
      case "TSAbstractAccessorProperty":
        visitKeys(node, ["decorators", ...(node.computed ? ["key"] : []), "value", "typeAnnotation"], scope, inType);
        return;
      case "TSPropertySignature":
      case "TSMethodSignature":
        visitKeys(
          node,
          [...(node.computed ? ["key"] : []), "typeParameters", "params", "returnType", "typeAnnotation"],
          scope,
          true,
        );
        return;
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
        visitKeys(node, ["typeParameters", "extends", "body", "typeAnnotation"], scope, true);
        return;
      case "LabeledStatement":
        visitKeys(node, ["body"], scope, inType);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
      case "ExportAllDeclaration":
      case "JSXNamespacedName":
        return;
      case "ExportNamedDeclaration":
        visitKeys(node, ["declaration"], scope, false);
        if (node.source !== null) return;
        for (const specifier of node.specifiers) {
          setParent(specifier, node);
          setParent(specifier.local, specifier);
          refer(specifier.local, scope, node.exportKind === "type" || specifier.exportKind === "type");
        }
        return;
      case "TSQualifiedName":
        visitKeys(node, ["left"], scope, inType);
        return;
      case "JSXAttribute":
        visitKeys(node, ["value"], scope, false);
        return;
      case "JSXMemberExpression":
        visitKeys(node, ["object"], scope, false);
        return;
      case "AssignmentExpression":
        visitTarget(node, node.left, scope);
        visitKeys(node, ["right"], scope, false);
        return;
      case "UpdateExpression":
        visitTarget(node, node.argument, scope);
        return;
      default:
        visitChildren(node, scope, inType || (node.type.startsWith("TS") && !valueNodes.has(node.type)));
    }
  }

  /** What is assigned to: an identifier is a write, a pattern holds writes, anything else is only read. */
  function visitTarget(parent: Node, target: Node, scope: Scope): void {
    setParent(target, parent);
    switch (target.type) {
      case "Identifier":
        refer(target, scope, false, true);
        return;
      case "ObjectPattern":
        for (const property of target.properties) {
          setParent(property, target);
          if (property.type === "RestElement") visitTarget(property, property.argument, scope);
          else {
            if (property.computed) visitKeys(property, ["key"], scope, false);
            visitTarget(property, property.value, scope);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of target.elements) if (element !== null) visitTarget(target, element, scope);
        return;
      case "AssignmentPattern":
        visitTarget(target, target.left, scope);
        visitKeys(target, ["right"], scope, false);
        return;
      case "RestElement":
        visitTarget(target, target.argument, scope);
        return;
      default:
        visit(target, scope, false);
    }
  }

  function visitChildren(node: Node, scope: Scope, inType: boolean): void {
    visitKeys(node, visitorKeys[node.type] ?? [], scope, inType);
  }

  function visitKeys(node: Node, keys: readonly string[], scope: Scope, inType: boolean): void {
    for (const key of keys) {
      const child = (node as unknown as Record<string, Node | readonly (Node | null)[] | null | undefined>)[key];
      if (Array.isArray(child)) {
        for (const item of child) if (item) visitChild(node, item, scope, inType);
      } else if (child) visitChild(node, child as Node, scope, inType);
    }
  }

  function visitChild(parent: Node, child: Node, scope: Scope, inType: boolean): void {
    setParent(child, parent);
    visit(child, scope, inType);
  }
}

function setParent(node: Node, parent: Node): void {
  (node as { parent?: Node }).parent = parent;
}

function newScope(outer: Scope | undefined, isFunction: boolean): Scope {
  return { outer, isFunction, names: new Map() };
}

function functionScope(scope: Scope): Scope {
  return scope.isFunction || scope.outer === undefined ? scope : functionScope(scope.outer);
}

/** Whether a binding keeps the value it was declared with. */
export function isConstant(binding: Binding): boolean {
  return binding.references.every((reference) => !reference.isWrite);
}
