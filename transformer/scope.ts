/** Scopes and references of one file: which declaration an identifier means, by JavaScript's own rules. */
import type { Node, Program } from "./parse.ts";
import { Names, newScope } from "./scope-names.ts";
import { walkScopes } from "./scope-walk.ts";

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

/** Walks a program once, sets `parent` on every node, and resolves every identifier. */
export function analyseScopes(program: Program): Scopes {
  const [top, names] = [newScope(undefined, true), new Names()];
  walkScopes(program, top, names);
  return names.resolve(top);
}

/** Whether a binding keeps the value it was declared with. */
export function isConstant(binding: Binding): boolean {
  return binding.references.every((reference) => !reference.isWrite);
}
