/** `{ "transform": "dtracing/ts-transformer" }` in tsconfig.json: the plugin for tspc, and for TypeScript's own API. */
import { dirname } from "node:path";
import type ts from "typescript";
import { graft } from "../apply/graft.ts";
import { formatAll, isOurs, isSame, isWarning, optionDiagnostic, toCompiler } from "../apply/graft-diagnostics.ts";
import { configFilesOf, type TypeScript } from "../apply/graft-internals.ts";
import { OptionsError, resolveOptions, sentence, transform, type Options } from "../index.ts";
import { packageFinder } from "./package.ts";
import { noteCallsites } from "./tsc-catalogue.ts";

/** What ts-patch hands to a plugin beside the program; its own type would make ts-patch a dependency. */
export interface TransformerExtras {
  readonly ts: TypeScript;
  readonly addDiagnostic: (diagnostic: ts.Diagnostic) => number;
  readonly diagnostics: readonly ts.Diagnostic[];
}

/** Receives errors and warnings as the compiler's own. */
export type Report = (diagnostic: ts.Diagnostic) => void;

/** ts-patch's own keys, some of which it leaves in what it hands over. */
const patchKeys = [
  "after",
  "afterDeclarations",
  "import",
  "isEsm",
  "name",
  "resolvePathAliases",
  "transform",
  "transformProgram",
  "tsConfig",
  "type",
];

const pairs = "use TypeScript 5.9 with ts-patch 3.3, or TypeScript 6.0 with ts-patch 4.0";

/** The entry point that ts-patch calls. */
export default function dtracing(
  program: ts.Program,
  config: Readonly<Record<string, unknown>>,
  extras: TransformerExtras,
): ts.TransformerFactory<ts.SourceFile> {
  if (typeof extras?.addDiagnostic !== "function") {
    const message = `the plugin's "type" is not "program"`;
    throw new Error(sentence({ code: "E011", message, fix: `remove "type" from the plugin in tsconfig.json` }));
  }
  const options = Object.fromEntries(Object.entries(config).filter(([key]) => !patchKeys.includes(key)));
  return before(extras.ts, program, options, (diagnostic) => {
    if (isWarning(diagnostic)) {
      // tspc ends with code 2 for a diagnostic of any category.
      process.stderr.write(formatAll(extras.ts, program, [diagnostic]));
    } else if (!extras.diagnostics.some((known) => isSame(known, diagnostic))) {
      // With --watch and --build the factory is called for every file.
      extras.addDiagnostic(diagnostic);
    }
  });
}

/**
 * The transformer for TypeScript's own API: `program.emit(…, { before: [before(ts, program, options)] })`.
 * Without `report`, errors are thrown once the file is done, and warnings are printed.
 */
export function before(
  tsc: TypeScript,
  program: ts.Program,
  options: Options | Readonly<Record<string, unknown>> = {},
  report?: Report,
): ts.TransformerFactory<ts.SourceFile> {
  const config = program.getCompilerOptions();
  const configPath = config["configFilePath"];
  const cwd = typeof configPath === "string" ? dirname(configPath) : program.getCurrentDirectory();
  const refuse = (
    code: string,
    messageText: string,
    at: readonly ts.JsonSourceFile[] = [],
  ): ts.TransformerFactory<ts.SourceFile> => {
    const error = optionDiagnostic(tsc, code, messageText, at);
    if (report === undefined) throw new Error(messageText);
    report(error);
    return () => (file) => file;
  };

  const unsupported = unsupportedTypeScript(tsc);
  if (unsupported !== undefined) return refuse("E012", unsupported);
  let forFile;
  try {
    const misplaced = misplacedPlugin(config);
    if (misplaced !== undefined) throw new OptionsError("E011", ...misplaced);
    forFile = packageFinder(resolveOptions(options, { cwd, production: process.env["NODE_ENV"] === "production" }));
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return refuse(error.code, error.message, configFilesOf(tsc, config));
  }
  return (context) => (file) => {
    if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) return file;
    const transformed = transform(file.text, file.fileName, forFile(file.fileName));
    noteCallsites(program, tsc.getParseTreeNode(file, tsc.isSourceFile) ?? file, transformed?.catalogue, forFile);
    if (transformed === null) return file;
    const diagnostics = transformed.diagnostics.map((diagnostic) => toCompiler(tsc, file, diagnostic));
    if (report === undefined) throwErrors(tsc, program, diagnostics);
    else for (const diagnostic of diagnostics) report(diagnostic);
    return transformed.edits.length === 0 ? file : graft(tsc, file, transformed.edits, context, program);
  };
}

/** Why this compiler cannot be worked with. TypeScript 7 has no transformers; ts-patch fails on it before we are asked. */
export function unsupportedTypeScript(tsc: {
  readonly version?: string;
  readonly factory?: unknown;
}): string | undefined {
  if (/^[56]\./.test(tsc.version ?? "") && typeof tsc.factory === "object") return undefined;
  const message = `TypeScript ${tsc.version ?? "of an unknown version"} has no transformers that a plugin can use`;
  return sentence({ code: "E012", message, fix: pairs });
}

/** The plugin needs the tree before anything is lowered. */
function misplacedPlugin(options: ts.CompilerOptions): [message: string, fix: string] | undefined {
  const plugins = (options["plugins"] ?? []) as unknown as readonly Readonly<Record<string, unknown>>[];
  const own = plugins.find(({ transform: name }) => isOurs(name));
  const key = ["after", "afterDeclarations", "transformProgram"].find((name) => own?.[name] === true);
  return key === undefined ? undefined : [`"${key}" is true`, `remove "${key}" from the plugin in tsconfig.json`];
}

function throwErrors(tsc: TypeScript, program: ts.Program, diagnostics: readonly ts.Diagnostic[]): void {
  const errors = diagnostics.filter((diagnostic) => !isWarning(diagnostic));
  if (errors.length > 0) throw new Error(formatAll(tsc, program, errors).trimEnd());
  if (diagnostics.length > 0) process.stderr.write(formatAll(tsc, program, diagnostics));
}
