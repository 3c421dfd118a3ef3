import type { Node, Program } from "../parse.ts";
import { isBuiltin } from "node:module";
import type { Names } from "./names.ts";

/** How a module gets at the runtime: as its own imports do. */
export type ModuleKind = "import" | "import-equals" | "require";

export function moduleKind(program: Program, isModule: boolean): ModuleKind {
  if (!isModule) return "require";
  const imports = program.body.filter(
    (statement) => statement.type === "ImportDeclaration" || statement.type === "TSImportEqualsDeclaration",
  );
  return imports.length > 0 && imports.every((statement) => statement.type === "TSImportEqualsDeclaration")
    ? "import-equals"
    : "import";
}

/** What the callsites that stay in the build read: the cells, and whether the module is up. */
export interface Needs {
  readonly cells: "guards" | "only dynamic levels" | "nothing";
  readonly up: boolean;
}

/**
 * The statements before a module's first one, on its line. The import is the first of the module, so the
 * runtime is there before any other code; only `import * as` is bound in every module format tsc writes.
 */
export function prologue(kind: ModuleKind, names: Names, needs: Needs): string {
  const source = `"dtracing/internal"`;
  const load = {
    import: `import * as ${names.runtime} from ${source};`,
    "import-equals": `import ${names.runtime} = require(${source});`,
    require: `const ${names.runtime} = require(${source});`,
  }[kind];
  const register = `${names.runtime}.cells(${names.sites});`;
  const cells = {
    guards: `const ${names.cells} = /*#__PURE__*/ ${register} `,
    "only dynamic levels": `${register} `,
    nothing: "",
  }[needs.cells];
  // Not the plain name: swc's minifier reads the constant in its place, also where that is not initialised yet.
  return `${load} ${cells}${needs.up ? `var ${names.up} = ${names.cells} || 0; ` : ""}`;
}

/** Where the prologue goes: before the first statement that is not a directive, with its decorators. */
export function prologueOffset(program: Program): number {
  const first = program.body.find((statement) => !("directive" in statement) || statement.directive === null);
  if (first === undefined) return program.end;
  const declaration: Node | null = "declaration" in first ? (first.declaration as Node | null) : first;
  const decorators = declaration !== null && "decorators" in declaration ? (declaration.decorators ?? []) : [];
  return Math.min(first.start, ...decorators.map((decorator) => decorator.start));
}

/**
 * Whether other modules can run code of this one before its first statement: it imports something that may
 * import it back. In CommonJS source the prologue stands before every `require`, and before
 * `import x = require()`, which runs in its place.
 */
export function canBeInCycle(program: Program, kind: ModuleKind): boolean {
  if (kind === "require") return false;
  return program.body.some((statement) => {
    switch (statement.type) {
      case "ImportDeclaration":
        return statement.importKind !== "type" && leads(statement.source.value);
      case "ExportAllDeclaration":
        return statement.exportKind !== "type" && leads(statement.source.value);
      case "ExportNamedDeclaration":
        return statement.exportKind !== "type" && statement.source !== null && leads(statement.source.value);
      default:
        return false;
    }
  });

  function leads(source: string): boolean {
    return !isBuiltin(source) && !/^dtracing(?:\/|$)/.test(source);
  }
}
