/** Directives as the text they could be parsed from. */
import type { Directive, Expected, FieldMatch } from "./directive.ts";
import { levelName } from "../../level.ts";
import { stops } from "./lexer.ts";

/** The text of a filter; parsing it gives the same directives. */
export function printFilter(directives: readonly Directive[]): string {
  return directives.map(printDirective).join(",");
}

/** The text of one directive, the level in lower case. */
export function printDirective({ target, span, fields, level }: Directive): string {
  const word = levelName(level).toLowerCase();
  const braces = fields.length === 0 ? "" : `{${fields.map(printField).join(",")}}`;
  const brackets =
    span === undefined && braces === "" ? "" : `[${span === undefined ? "" : name(span, "span")}${braces}]`;
  if (target === undefined && brackets === "") return word;
  return `${target === undefined ? "" : name(target, "target")}${brackets}=${word}`;
}

function name(text: string, place: keyof typeof stops): string {
  const bare = text !== "" && text === text.trim() && !text.startsWith('"') && !stops[place].test(text);
  return bare ? text : JSON.stringify(text);
}

function printField({ name: field, value }: FieldMatch): string {
  return value === undefined ? name(field, "field") : `${name(field, "field")}=${printValue(value)}`;
}

function printValue(value: Expected): string {
  switch (value.kind) {
    case "number":
      return value.text;
    case "string":
      return JSON.stringify(value.text);
    case "boolean":
      return `${value.value}`;
    case "pattern":
      return value.source;
    case "regex":
      return `/${value.source}/${value.flags}`;
  }
}
