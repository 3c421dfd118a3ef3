/** The names of one file: declared in scopes, used in places, and put together when all are known. */
import type { Node } from "./parse.ts";
import type { Binding, Reference, Scopes } from "./scope.ts";

/** Where names are declared. */
export interface Scope {
  readonly outer: Scope | undefined;
  /** Whether `var` stops here. */
  readonly isFunction: boolean;
  readonly names: Map<string, Binding>;
}

export function newScope(outer: Scope | undefined, isFunction: boolean): Scope {
  return { outer, isFunction, names: new Map() };
}

/** Where a `var` in a scope is declared. */
export function functionScope(scope: Scope): Scope {
  return scope.isFunction || scope.outer === undefined ? scope : functionScope(scope.outer);
}

export class Names {
  readonly #bindings = new Map<Node, Binding>();
  readonly #found: { readonly reference: Reference; readonly scope: Scope }[] = [];

  declare(id: Node, declaration: Node, scope: Scope): void {
    if (id.type !== "Identifier") return;
    // Overloads, merged namespaces and repeated `var`s are one binding.
    const binding = scope.names.get(id.name) ?? { name: id.name, declaration, references: [] };
    scope.names.set(id.name, binding);
    this.#bindings.set(id, binding);
  }

  refer(node: Node, scope: Scope, isType: boolean, isWrite = false): void {
    this.#found.push({ reference: { node: node as Reference["node"], isType, isWrite }, scope });
  }

  /** A name may be used before its declaration was seen, so this comes last. */
  resolve(top: Scope): Scopes {
    const unresolved = new Map<string, Reference[]>();
    for (const { reference, scope } of this.#found) {
      const { name } = reference.node;
      const binding = lookUp(name, scope);
      if (binding !== undefined) {
        binding.references.push(reference);
        this.#bindings.set(reference.node, binding);
      } else if (!unresolved.get(name)?.push(reference)) unresolved.set(name, [reference]);
    }
    return {
      bindingOf: (node) => this.#bindings.get(node),
      top: top.names,
      globalReferences: (name) => unresolved.get(name) ?? [],
    };
  }
}

function lookUp(name: string, scope: Scope): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const binding = at.names.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}
