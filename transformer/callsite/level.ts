import { Level, parseLevel } from "../../runtime/level.ts";
import type { Bindings } from "../bindings.ts";
import { closest, type Diagnostics } from "../diagnostics.ts";
import type { Node } from "../parse.ts";
import { memberName, unwrap } from "../syntax.ts";

/** The level an argument stands for: a static one, the expression that gives it at run time, or a mistake. */
export type LevelArgument = Level | Node | "unknown";

const names = Object.keys(Level) as (keyof typeof Level)[];

/** Reads `Level.INFO`, `"info"` and `3` as static; any other expression as dynamic. */
export function levelArgument(node: Node, bindings: Bindings, diagnostics: Diagnostics): LevelArgument {
  const value = unwrap(node);
  if (value.type === "Literal") return literalLevel(value, diagnostics);
  const name = memberName(value);
  if (name === undefined || value.type !== "MemberExpression" || bindings.exportOf(value.object) !== "Level")
    return node;
  const level = names.find((known) => known === name);
  if (level !== undefined) return Level[level];
  const near = closest(name, names);
  const hint = near === undefined ? `known are ${names.join(", ")}` : `did you mean Level.${near}?`;
  diagnostics.add("E004", value, `Level.${name}`, hint);
  return "unknown";
}

function literalLevel(literal: Node & { readonly type: "Literal" }, diagnostics: Diagnostics): Level | "unknown" {
  try {
    return parseLevel(String(literal.value));
  } catch {
    const near = closest(String(literal.value), names);
    const hint = near === undefined ? `known are ${names.join(", ")}` : `did you mean Level.${near}?`;
    diagnostics.add("E004", literal, JSON.stringify(literal.value) ?? "null", hint);
    return "unknown";
  }
}
