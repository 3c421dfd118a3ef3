/** The parameters of a function that no build has read: names from its source text, values from the arguments. */

/** A parameter, or what a destructured one binds, and how its value is found in the arguments. */
export interface Parameter {
  readonly name: string;
  readonly valueIn: (args: readonly unknown[]) => unknown;
}

/**
 * Reads what is simple: names, defaults, rest, and the first level of destructured objects and arrays. A value is
 * what was passed: defaults are known to the function only.
 */
export function parametersOf(fn: (...args: never) => unknown): readonly Parameter[] {
  return split(list(Function.prototype.toString.call(fn))).flatMap((text, index) => {
    const argument = (args: readonly unknown[]): unknown => args[index];
    if (text.startsWith("...")) return named(text.slice(3), (args) => args.slice(index));
    if (text.startsWith("{")) {
      return split(inside(text)).flatMap((part) => {
        if (part.startsWith("...")) return [];
        const [, key = "", name = key] = /^\s*["']?([\w$]+)["']?\s*(?::\s*([\w$]+)\s*)?(?:=|$)/.exec(part) ?? [];
        return named(name, (args) => (argument(args) as Readonly<Record<string, unknown>> | undefined)?.[key]);
      });
    }
    if (text.startsWith("[")) {
      return split(inside(text)).flatMap((part, at) =>
        named(part, (args) => (Array.isArray(args[index]) ? (args[index] as unknown[])[at] : undefined)),
      );
    }
    return named(text, argument);
  });
}

function named(text: string, valueIn: Parameter["valueIn"]): readonly Parameter[] {
  const name = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:=|$)/u.exec(text)?.[1];
  return name === undefined ? [] : [{ name, valueIn }];
}

/** The text of the parameter list. */
function list(source: string): string {
  const bare = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source)?.[1];
  // A computed key may hold parentheses of its own.
  const start = source.startsWith("[") ? skip(source, 0) : 0;
  return bare ?? inside(source.slice(source.indexOf("(", start)));
}

/** What stands between an opening bracket and its end. */
function inside(text: string): string {
  return text.slice(1, skip(text, 0) - 1);
}

/** The parts of a list, without the commas between them. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at = skip(text, at)) {
    if (at < text.length && text[at] !== ",") continue;
    parts.push(text.slice(start, at).replaceAll(/^(?:\s|\/\*[^]*?\*\/|\/\/.*)+|\s+$/g, ""));
    start = at + 1;
  }
  return parts.filter((part) => part !== "");
}

/** Behind the bracket, string, comment or character at an offset. */
function skip(text: string, at: number): number {
  const character = text[at] ?? "";
  if (text.startsWith("//", at)) return end(text.indexOf("\n", at), text);
  if (text.startsWith("/*", at)) return end(text.indexOf("*/", at), text) + 1;
  if (/["'`]/.test(character)) {
    let close = at + 1;
    while (close < text.length && text[close] !== character) close += text[close] === "\\" ? 2 : 1;
    return close + 1;
  }
  if (!/[([{]/.test(character)) return at + 1;
  let inner = at + 1;
  while (inner < text.length && !/[)\]}]/.test(text[inner] ?? "")) inner = skip(text, inner);
  return inner + 1;
}

function end(found: number, text: string): number {
  return found < 0 ? text.length : found + 1;
}
