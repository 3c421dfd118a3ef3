/** The walk over a file that finds its scopes: sets `parent` on every node, tells of every declaration and use. */
import { visitorKeys } from "oxc-parser";
import type { Node, Program } from "./parse.ts";
import { functionScope, newScope, type Names, type Scope } from "./scope-names.ts";
import { declareChild, setParent, visitTarget } from "./scope-patterns.ts";

/** What the parts of the walk share. */
export interface ScopeWalk {
  readonly names: Names;
  visit(node: Node, scope: Scope, inType: boolean): void;
  visitKeys(node: Node, keys: readonly string[], scope: Scope, inType: boolean): void;
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

const typeNodes = new Set(Object.keys(visitorKeys).filter((type) => type.startsWith("TS") && !valueNodes.has(type)));

const member = ["decorators", "value", "typeAnnotation"];
const computedMember = ["decorators", "key", "value", "typeAnnotation"];
const signature = ["typeParameters", "params", "returnType", "typeAnnotation"];
const computedSignature = ["key", ...signature];

/** Visits everything in a program; `top` is the scope of the module or script itself. */
export function walkScopes(program: Program, top: Scope, names: Names): void {
  const walk: ScopeWalk = { names, visit, visitKeys };
  visitChildren(program, top, false);

  function visitFunction(node: Node, outer: Scope): void {
    if (!("params" in node) || !("body" in node)) return;
    const scope = newScope(outer, true);
    if (node.type === "FunctionExpression" && node.id) names.declare(node.id, node, scope);
    visitKeys(node, ["typeParameters", "returnType"], scope, true);
    for (const parameter of node.params as readonly Node[])
      declareChild(node, parameter, parameter, scope, scope, walk);
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
        names.refer(node, scope, inType);
        return;
      case "FunctionDeclaration":
      case "TSDeclareFunction":
        if (node.id) names.declare(node.id, node, scope);
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
        if (node.id) names.declare(node.id, node, node.type === "ClassDeclaration" ? scope : inner);
        visitKeys(node, ["decorators"], scope, false);
        visitKeys(node, ["typeParameters", "superTypeArguments", "implements"], inner, true);
        visitKeys(node, ["superClass", "body"], inner, false);
        return;
      }
      case "VariableDeclaration": {
        const target = node.kind === "var" ? functionScope(scope) : scope;
        for (const declarator of node.declarations) {
          setParent(declarator, node);
          declareChild(declarator, declarator.id, declarator, target, scope, walk);
          visitKeys(declarator, ["init"], scope, false);
        }
        return;
      }
      case "ImportDeclaration":
        for (const specifier of node.specifiers) {
          setParent(specifier, node);
          names.declare(specifier.local, specifier, scope);
        }
        return;
      case "TSImportEqualsDeclaration":
        names.declare(node.id, node, scope);
        visitKeys(node, ["moduleReference"], scope, inType);
        return;
      case "TSEnumDeclaration":
        names.declare(node.id, node, scope);
        visitKeys(node, ["body"], newScope(scope, true), false);
        return;
      case "TSEnumMember":
        names.declare(node.id, node, scope);
        visitKeys(node, ["initializer"], scope, false);
        return;
      case "TSModuleDeclaration":
        names.declare(node.id, node, scope);
        visitKeys(node, ["body"], newScope(scope, true), inType);
        return;
      case "CatchClause": {
        const inner = newScope(scope, false);
        if (node.param) declareChild(node, node.param, node, inner, inner, walk);
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
        visitKeys(node, node.computed ? computedMember : member, scope, inType);
        return;
      case "TSPropertySignature":
      case "TSMethodSignature":
        visitKeys(node, node.computed ? computedSignature : signature, scope, true);
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
          names.refer(specifier.local, scope, node.exportKind === "type" || specifier.exportKind === "type");
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
        visitTarget(node, node.left, scope, walk);
        visitKeys(node, ["right"], scope, false);
        return;
      case "UpdateExpression":
        visitTarget(node, node.argument, scope, walk);
        return;
      default:
        visitChildren(node, scope, inType || typeNodes.has(node.type));
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
