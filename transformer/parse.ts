import { parseSync, type Comment, type Node, type Program } from "oxc-parser";

/** A parsed file, or the reason why there is none. */
export type Parsed =
  | { readonly program: Program; readonly comments: readonly Comment[]; readonly isModule: boolean }
  | { readonly problem: string; readonly start: number; readonly end: number };

export type Language = "js" | "jsx" | "ts" | "tsx";

/**
 * Parses with oxc's plain `parseSync`; its lazy mode skips class heritage expressions. Offsets are UTF-16. A
 * recoverable error still gives a program: the host that compiles the file will report it better than we can.
 */
export function parse(code: string, file: string): Parsed {
  const { program, module, comments, errors } = parseSync(file, code, { lang: languageOf(file), preserveParens: true });
  const error = errors[0];
  if (program.body.length === 0 && error !== undefined) {
    const label = error.labels[0];
    return { problem: error.message, start: label?.start ?? 0, end: label?.end ?? 0 };
  }
  // oxc does not count `import x = require()`.
  const isModule = module.hasModuleSyntax || program.body.some(({ type }) => type === "TSImportEqualsDeclaration");
  return { program, comments, isModule };
}

/** The language of a file by its extension; anything unknown is read as TypeScript, its superset. */
export function languageOf(file: string): Language {
  const extension = /\.[cm]?([jt]sx?)$/.exec(file)?.[1];
  switch (extension) {
    case "js":
      // Plain .js often holds JSX, and JSX takes no meaning away from JavaScript.
      return "jsx";
    case "jsx":
    case "tsx":
      return extension;
    default:
      return "ts";
  }
}

export type { Comment, Node, Program };
