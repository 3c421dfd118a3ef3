/** `@instrument` in doc comments: the options are read from the text. */
import type { Diagnostics } from "../diagnostics.ts";
import { parse, type Comment } from "../parse.ts";
import { instrumentOptions, type InstrumentOptions } from "./instrument.ts";

/** `@instrument` at the beginning of a line of a doc comment. */
const tag = /(?:^|\n)[\s*]*@instrument\b[ \t]*/;

/** Whether a comment asks for a span around what it stands before. */
export function asksForSpan({ type, value }: Comment): boolean {
  return type === "Block" && value.startsWith("*") && tag.test(value);
}

/** The options in a comment that asks. */
export function commentOptions(comment: Comment, diagnostics: Diagnostics): InstrumentOptions {
  const found = tag.exec(comment.value);
  const after = comment.value.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
  const source = (code: string) => ({ code, place: () => comment });
  if (!after.startsWith("(")) return instrumentOptions([], undefined, source(""), diagnostics);
  // Lines of a doc comment begin with a star; the options end at the matching parenthesis.
  const text = `f${balanced(after.replaceAll(/\n[ \t]*\*/g, "\n "))}`;
  const parsed = parse(text, "options.ts");
  const statement = "problem" in parsed ? undefined : parsed.program.body[0];
  const call = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  if (call?.type === "CallExpression") return instrumentOptions(call.arguments, call, source(text), diagnostics);
  diagnostics.add("E013", comment, `has options that cannot be read: ${text.slice(1)}`, "write @instrument({ … })");
  return instrumentOptions([], undefined, source(text), diagnostics);
}

/** The text up to the parenthesis that closes the first one. */
function balanced(text: string): string {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== "") {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (/["'`]/.test(character)) quote = character;
    else if (/[([{]/.test(character)) depth++;
    else if (/[)\]}]/.test(character) && --depth === 0) return text.slice(0, at + 1);
  }
  return text;
}
