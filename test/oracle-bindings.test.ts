/** Our scopes mean what TypeScript means: over all fixtures, two identifiers are one binding where the checker has one symbol. */
import { visitorKeys } from "oxc-parser";
import ts from "typescript";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse, type Node } from "../transformer/parse.ts";
import { analyseScopes, type Binding } from "../transformer/scope.ts";
import { fixtureCases, type FixtureCase } from "./helpers/fixture-cases.ts";

const bindings = suite("bindings");

for (const kind of ["expand", "reject", "maps"] as const) {
  for (const one of fixtureCases(kind)) {
    const parsed = parse(one.code, one.id);
    // What does not parse has no bindings.
    if ("problem" in parsed) continue;
    bindings(`${kind}/${one.name} has the checker's`, () => {
      const symbolAt = checker(one);
      const scopes = analyseScopes(parsed.program);
      const symbols = new Map<Binding, ts.Symbol>();
      const owners = new Map<ts.Symbol, Binding>();
      const wrong: string[] = [];
      let compared = 0;
      for (const node of identifiers(parsed.program)) {
        const binding = scopes.bindingOf(node);
        const reference = (binding?.references ?? scopes.globalReferences(node.name)).find((use) => use.node === node);
        // Types have names of their own, and a name that is neither used nor declared is a property.
        if (reference?.isType === true || (binding === undefined && reference === undefined)) continue;
        const symbol = symbolAt(node.start);
        compared++;
        const where = `${node.name} at ${one.code.slice(0, node.start).split("\n").length}`;
        if (binding === undefined) {
          if (symbol !== undefined) wrong.push(`${where} is a global for us only`);
        } else if (symbol === undefined) wrong.push(`${where} is a global for TypeScript only`);
        else {
          if ((symbols.get(binding) ?? symbol) !== symbol) wrong.push(`${where} is another symbol than its binding's`);
          if ((owners.get(symbol) ?? binding) !== binding) wrong.push(`${where} is another binding than its symbol's`);
          symbols.set(binding, symbol);
          owners.set(symbol, binding);
        }
      }
      assert.equal(wrong, []);
      assert.ok(compared > 0, "nothing is compared");
    });
  }
}

/** The symbol of the identifier at an offset, where the file itself declares it. */
function checker(one: FixtureCase): (offset: number) => ts.Symbol | undefined {
  const options: ts.CompilerOptions = {
    allowJs: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.Preserve,
    noLib: true,
    noResolve: true,
  };
  const file = ts.createSourceFile(one.id, one.code, ts.ScriptTarget.ESNext, true);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    getSourceFile: (name) => (name === one.id ? file : undefined),
    fileExists: (name) => name === one.id,
  };
  const program = ts.createProgram([one.id], options, host);
  const checker = program.getTypeChecker();
  return (offset) => {
    const node = identifierAt(file, offset);
    const symbol = node === undefined ? undefined : symbolOf(node, checker);
    // `exports` of CommonJS is the file, which nothing in it declares.
    const names = symbol?.declarations?.map((declaration) => ts.getNameOfDeclaration(declaration)?.getText());
    return node !== undefined && names?.includes(node.getText()) === true ? symbol : undefined;
  };
}

/** What an identifier reads, where the checker would rather speak of the property or export it makes. */
function symbolOf(node: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return checker.getShorthandAssignmentValueSymbol(parent);
  if (ts.isExportSpecifier(parent)) return checker.getExportSpecifierLocalTargetSymbol(parent);
  // A parameter property is two symbols of one name; code reads the parameter.
  if (ts.isParameter(parent) && parent.name === node && ts.isParameterPropertyDeclaration(parent, parent.parent)) {
    return checker.getSymbolsOfParameterPropertyDeclaration(parent, node.getText())[0];
  }
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && checker.getExportSymbolOfSymbol(symbol);
}

function identifierAt(file: ts.SourceFile, offset: number): ts.Node | undefined {
  let found: ts.Node = file;
  for (let inner: ts.Node | undefined = file; inner !== undefined;) {
    found = inner;
    inner = ts.forEachChild(found, (child) =>
      child.getStart(file) <= offset && offset < child.end ? child : undefined,
    );
  }
  return found.getStart(file) === offset ? found : undefined;
}

function* identifiers(node: Node): Generator<Node & { readonly name: string }> {
  if (node.type === "Identifier" || node.type === "JSXIdentifier") yield node as Node & { readonly name: string };
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    for (const item of Array.isArray(child) ? child : [child]) if (item) yield* identifiers(item as Node);
  }
}

bindings.run();
