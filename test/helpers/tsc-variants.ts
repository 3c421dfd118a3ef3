/** The compiler settings under which the graft must emit what tsc emits of the edited text. */
import type ts from "typescript";

export interface Variant {
  readonly name: string;
  readonly options: ts.CompilerOptions;
  /** The type of the nearest package.json, which decides the format under nodenext. */
  readonly type?: "module" | "commonjs";
}

/** 13 settings; `moduleResolution` and what 6.0 deprecates are filled in by version. */
export function variants({
  ScriptTarget,
  ModuleKind,
  ModuleResolutionKind,
  JsxEmit,
  version,
}: typeof ts): readonly Variant[] {
  const common: ts.CompilerOptions = {
    allowJs: true,
    skipLibCheck: true,
    strict: true,
    types: [],
    lib: ["lib.esnext.d.ts"],
    jsx: JsxEmit.React,
    moduleResolution: ModuleResolutionKind.Bundler,
    ignoreDeprecations: version.startsWith("5.") ? "5.0" : "6.0",
  };
  const node10 = ModuleResolutionKind.Node10;
  const list: Record<string, ts.CompilerOptions> = {
    esnext: { target: ScriptTarget.ESNext, module: ModuleKind.ESNext },
    "nodenext ESM": {
      target: ScriptTarget.ES2022,
      module: ModuleKind.NodeNext,
      moduleResolution: ModuleResolutionKind.NodeNext,
    },
    "nodenext CommonJS": {
      target: ScriptTarget.ES2022,
      module: ModuleKind.NodeNext,
      moduleResolution: ModuleResolutionKind.NodeNext,
    },
    commonjs: {
      target: ScriptTarget.ES2020,
      module: ModuleKind.CommonJS,
      moduleResolution: node10,
      esModuleInterop: false,
    },
    "commonjs, interop, importHelpers": {
      target: ScriptTarget.ES2017,
      module: ModuleKind.CommonJS,
      moduleResolution: node10,
      esModuleInterop: true,
      importHelpers: true,
      jsx: JsxEmit.ReactJSX,
    },
    es2015: { target: ScriptTarget.ES2015, module: ModuleKind.ES2015 },
    "es5, downlevelIteration": {
      target: ScriptTarget.ES5,
      module: ModuleKind.CommonJS,
      moduleResolution: node10,
      downlevelIteration: true,
    },
    verbatimModuleSyntax: { target: ScriptTarget.ES2022, module: ModuleKind.ESNext, verbatimModuleSyntax: true },
    "isolatedModules, removeComments": {
      target: ScriptTarget.ES2022,
      module: ModuleKind.ES2022,
      isolatedModules: true,
      removeComments: true,
    },
    "decorator metadata": {
      target: ScriptTarget.ES2022,
      module: ModuleKind.CommonJS,
      moduleResolution: node10,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
    "preserve, jsx": { target: ScriptTarget.ESNext, module: ModuleKind.Preserve, jsx: JsxEmit.Preserve },
    system: { target: ScriptTarget.ES2018, module: ModuleKind.System, moduleResolution: node10 },
    "amd, no useDefineForClassFields": {
      target: ScriptTarget.ES2022,
      module: ModuleKind.AMD,
      moduleResolution: node10,
      useDefineForClassFields: false,
    },
    umd: { target: ScriptTarget.ES2019, module: ModuleKind.UMD, moduleResolution: node10, preserveConstEnums: true },
  };
  return Object.entries(list).map(([name, options]) => ({
    name,
    options: { ...common, ...options },
    type: name === "nodenext CommonJS" ? "commonjs" : "module",
  }));
}
