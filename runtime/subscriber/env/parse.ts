/** The text of a filter as directives: `info, app::db=debug, [request{id=7}]=trace`. */
import type { LevelFilter } from "../../level.ts";
import type { Directive, Expected, FieldMatch } from "./directive.ts";
import type { Token } from "./lexer.ts";
import { parseLevelFilter } from "../../level.ts";
import { same } from "./directive.ts";
import { FilterError, suggestion } from "./filter-error.ts";
import { Lexer } from "./lexer.ts";

const levels = ["off", "error", "warn", "info", "debug", "trace"];

/**
 * The directives in the order of the text; of two for the same thing the later one. Throws a FilterError at the first
 * mistake, or hands each to `onError` and goes on after the next comma.
 */
export function parseFilter(text: string, onError?: (error: FilterError) => void): readonly Directive[] {
  const lexer = new Lexer(text);
  const directives: Directive[] = [];
  for (;;) {
    try {
      const { kind } = lexer.peek("target");
      if (kind === "end") return directives;
      if (kind === ",") {
        lexer.next("target");
        continue;
      }
      const made = directive(lexer);
      const end = lexer.next("target");
      if (end.kind !== "," && end.kind !== "end") {
        throw lexer.error(`unexpected ${told(end)}, a comma or the end was expected`, end);
      }
      const twin = directives.findIndex((one) => same(one, made));
      if (twin >= 0) directives.splice(twin, 1);
      directives.push(made);
    } catch (error) {
      if (!onError || !(error instanceof FilterError)) throw error;
      onError(error);
      const comma = text.indexOf(",", error.column - 1);
      lexer.at = comma < 0 ? text.length : comma;
    }
  }
}

function directive(lexer: Lexer): Directive {
  const first = lexer.peek("target");
  let target: string | undefined;
  if (first.kind === "word" || first.kind === "string") {
    lexer.next("target");
    const { kind } = lexer.peek("target");
    // a bare level is for everything
    if (first.kind === "word" && kind !== "=" && kind !== "[" && isLevel(first.text)) {
      return { target, span: undefined, fields: [], level: levelOf(lexer, first) };
    }
    target = first.text;
    if (target === "") throw lexer.error('invalid target ""', first);
  } else if (first.kind === "=") {
    throw lexer.error('invalid target "": write target=level or a level', first);
  } else if (first.kind !== "[") {
    throw lexer.error(`unexpected ${told(first)}: write target[span{field=value}]=level`, first);
  }
  const { span, fields } = lexer.peek("target").kind === "[" ? brackets(lexer) : { span: undefined, fields: [] };
  return { target, span, fields, level: level(lexer) };
}

/** `[span{field=value}]`, the span's name or the fields left out. */
function brackets(lexer: Lexer): Pick<Directive, "span" | "fields"> {
  const open = lexer.next("target");
  let span: string | undefined;
  let token = lexer.next("span");
  if (token.kind === "word" || token.kind === "string") {
    span = token.text;
    token = lexer.next("span");
  }
  let found: readonly FieldMatch[] | undefined;
  if (token.kind === "{") {
    found = fields(lexer, token);
    token = lexer.next("span");
  }
  if (token.kind === "end") throw lexer.error("a [ without its ]", open);
  if (token.kind !== "]") throw lexer.error(`unexpected ${told(token)}, a ] was expected`, token);
  if (span === undefined && found === undefined) {
    throw lexer.error("nothing in the brackets: write [span], [{field}] or [span{field=value}]", open);
  }
  return { span, fields: found ?? [] };
}

function fields(lexer: Lexer, open: Token): FieldMatch[] {
  const found: FieldMatch[] = [];
  for (;;) {
    let token = lexer.next("field");
    if (token.kind === "}") return found;
    if (token.kind === "end") throw lexer.error("a { without its }", open);
    if (token.kind !== "word" && token.kind !== "string") {
      throw lexer.error(`unexpected ${told(token)}, the name of a field was expected`, token);
    }
    const name = token.text;
    token = lexer.next("field");
    let value: Expected | undefined;
    if (token.kind === "=") {
      value = expected(lexer);
      token = lexer.next("field");
    }
    found.push({ name, value });
    if (token.kind === "}") return found;
    if (token.kind === "end") throw lexer.error("a { without its }", open);
    if (token.kind !== ",") throw lexer.error(`unexpected ${told(token)}, a comma or a } was expected`, token);
  }
}

function expected(lexer: Lexer): Expected {
  const token = lexer.next("value");
  const { kind, text, flags } = token;
  switch (kind) {
    case "string":
      return { kind, text };
    case "regex":
      compiled(lexer, token, text, flags);
      return { kind, source: text, flags };
    case "word":
      if (text === "true" || text === "false") return { kind: "boolean", value: text === "true" };
      if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^NaN$|^-?Infinity$/i.test(text)) return { kind: "number", text };
      compiled(lexer, token, `^(?:${text})$`, "");
      return { kind: "pattern", source: text };
    default:
      throw lexer.error("a value is missing after =", token);
  }
}

function compiled(lexer: Lexer, token: Token, source: string, flags: string): void {
  try {
    if (/[gy]/.test(flags)) throw new Error(`the flag ${flags} is of no use here`);
    void new RegExp(source, flags);
  } catch (error) {
    throw lexer.error(`${(error as Error).message} (quote a text that is no pattern)`, token);
  }
}

function level(lexer: Lexer): LevelFilter {
  if (lexer.peek("target").kind !== "=") return 5;
  lexer.next("target");
  const { kind } = lexer.peek("target");
  // as in Rust, no level is every level
  if (kind === "end" || kind === ",") return 5;
  return levelOf(lexer, lexer.next("target"));
}

function levelOf(lexer: Lexer, token: Token): LevelFilter {
  try {
    return parseLevelFilter(token.text);
  } catch (error) {
    throw lexer.error(`${(error as Error).message}${suggestion(token.text, levels)}`, token);
  }
}

function isLevel(word: string): boolean {
  return /^\d+$/.test(word) || levels.includes(word.toLowerCase());
}

function told({ kind, text }: Token): string {
  return kind === "end" ? "end" : JSON.stringify(text);
}
