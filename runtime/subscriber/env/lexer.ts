/** Cuts the text of a filter into tokens. What a word may hold depends on where it stands. */
import { FilterError } from "./filter-error.ts";

/** A word, a quoted string, a `/regex/`, one of `,=[]{}`, or the end. */
export interface Token {
  readonly kind: "word" | "string" | "regex" | "," | "=" | "[" | "]" | "{" | "}" | "end";
  /** Of a string what it stands for, of a regex its source. */
  readonly text: string;
  readonly flags: string;
  /** From 1. */
  readonly column: number;
}

/** Where a word stands: it ends before any of these characters. */
export const stops: Readonly<Record<"target" | "span" | "field" | "value", RegExp>> = {
  target: /[\s,=[\]{}"]/,
  span: /[[\]{}]/,
  field: /[\s,=[\]{}"]/,
  value: /[,}]/,
};

/** Reads tokens from left to right. */
export class Lexer {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next token, if it were read here. */
  peek(place: keyof typeof stops): Token {
    const { at } = this;
    const token = this.next(place);
    this.at = at;
    return token;
  }

  next(place: keyof typeof stops): Token {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
    const start = this.at;
    const char = this.text[start];
    const column = start + 1;
    const token = (kind: Token["kind"], text: string, flags = ""): Token => ({ kind, text, flags, column });
    if (char === undefined) return token("end", "");
    if (char === '"') return token("string", this.string());
    if (place === "value") {
      const regex = /^\/((?:[^/\\]|\\.)+)\/([a-z]*)(?=\s*(?:[,}]|$))/s.exec(this.text.slice(start));
      if (regex) {
        this.at += regex[0].length;
        return token("regex", regex[1]!, regex[2]!);
      }
    }
    if (stops[place].test(char)) {
      this.at++;
      // `=` and `"` are no stops everywhere, white space was skipped
      return token(char as Token["kind"], char);
    }
    return token("word", this.word(place));
  }

  error(problem: string, { column }: Pick<Token, "column">): FilterError {
    return new FilterError(problem, column, this.text);
  }

  private word(place: keyof typeof stops): string {
    const start = this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]!;
      if (depth === 0 && stops[place].test(char)) break;
      if (place !== "value") continue;
      // a pattern may hold brackets, and then what ends a value elsewhere
      if (char === "\\") this.at++;
      else if ("([{".includes(char)) depth++;
      else if (")]}".includes(char) && depth > 0) depth--;
    }
    this.at = Math.min(this.at, this.text.length);
    return this.text.slice(start, this.at).trimEnd();
  }

  private string(): string {
    const [whole] = /^"(?:[^"\\]|\\.)*"/s.exec(this.text.slice(this.at)) ?? [];
    if (whole === undefined) throw this.error("a string without its closing quote", { column: this.at + 1 });
    try {
      const text = JSON.parse(whole) as string;
      this.at += whole.length;
      return text;
    } catch {
      throw this.error(`the string ${whole} is not written as in JSON`, { column: this.at + 1 });
    }
  }
}
