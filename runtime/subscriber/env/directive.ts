/** One directive of an EnvFilter, `target[span{field=value}]=level`, as data. */
import type { LevelFilter } from "../../level.ts";

/** What a field must be. A pattern is a regular expression for the whole text, a `/regex/` for any part of it. */
export type Expected =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "pattern"; readonly source: string }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string };

/** A field that must be there, and perhaps what it must be. */
export interface FieldMatch {
  readonly name: string;
  readonly value: Expected | undefined;
}

/** A level for what the rest matches. With a span's name it is for what happens inside of that span. */
export interface Directive {
  /** Segments of a target's beginning; `*` stands for any text. */
  readonly target: string | undefined;
  readonly span: string | undefined;
  readonly fields: readonly FieldMatch[];
  readonly level: LevelFilter;
}

/** Negative if `a` is the more specific one: the longer target, then a span, then more fields; as in Rust. */
export function bySpecificity(a: Directive, b: Directive): number {
  return (
    lengthOf(b.target) - lengthOf(a.target) ||
    Number(b.span !== undefined) - Number(a.span !== undefined) ||
    b.fields.length - a.fields.length ||
    valuesOf(b) - valuesOf(a)
  );
}

/** Whether two directives are for the same thing. */
export function same(a: Directive, b: Directive): boolean {
  return JSON.stringify({ ...a, level: 0 }) === JSON.stringify({ ...b, level: 0 });
}

/** Whether a directive's target covers another: itself, or a part of it up to the end of a segment. */
export function covers(pattern: string | undefined, target: string): boolean {
  if (pattern === undefined) return true;
  if (pattern.includes("*")) return wildcard(pattern).test(target);
  return (
    target.startsWith(pattern) && (target.length === pattern.length || /^(::|[./:])/.test(target.slice(pattern.length)))
  );
}

/** The patterns without `*` that cover a target, longest first. */
export function patternsFor(target: string): readonly string[] {
  const patterns = [target];
  for (let end = target.length - 1; end > 0; end--) {
    if ("./:".includes(target[end]!)) patterns.push(target.slice(0, end));
  }
  return patterns;
}

const wildcards = /*#__PURE__*/ new Map<string, RegExp>();

function wildcard(pattern: string): RegExp {
  let found = wildcards.get(pattern);
  if (found === undefined) {
    const source = pattern.split(/\*+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    wildcards.set(pattern, (found = new RegExp(`^${source.join(".*")}(?:$|::|[./:])`)));
  }
  return found;
}

function lengthOf(target: string | undefined): number {
  return target === undefined ? -1 : target.replaceAll("*", "").length;
}

function valuesOf({ fields }: Directive): number {
  return fields.filter(({ value }) => value !== undefined).length;
}
