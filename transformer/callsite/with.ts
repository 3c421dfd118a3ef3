import type { Bindings, With } from "../bindings.ts";
import { closest, type Diagnostics } from "../diagnostics.ts";
import type { Node } from "../parse.ts";
import { unwrap } from "../syntax.ts";
import { parentEntry, type Value } from "./callsite.ts";
import { constantString } from "./constant.ts";

/** What the calls of `with` on the way to a macro say; a later one wins over an earlier one. */
export interface WithOptions {
  readonly target?: string;
  readonly name?: string;
  readonly parent?: Value;
}

const known = ["target", "parent", "name"];

/** Reads `with({ target, parent, name })`: `target` and `name` are static, `parent` is an expression. */
export function withOptions(withs: readonly With[], bindings: Bindings, diagnostics: Diagnostics): WithOptions {
  return withs.reduce<WithOptions>((options, one) => ({ ...options, ...ofCall(one, bindings, diagnostics) }), {});
}

function ofCall({ call, alias }: With, bindings: Bindings, diagnostics: Diagnostics): WithOptions {
  const argument = call.arguments[0];
  const object = argument === undefined ? undefined : unwrap(argument);
  if (object?.type !== "ObjectExpression" || call.arguments.length !== 1) {
    diagnostics.add(
      "E006",
      object ?? call,
      "the argument of trace.with",
      'write an object literal: { target: "name" }',
    );
    return {};
  }
  const options: { -readonly [Key in keyof WithOptions]: WithOptions[Key] } = {};
  for (const property of object.properties) {
    const name = property.type === "Property" && !property.computed ? keyName(property.key) : undefined;
    if (property.type !== "Property" || name === undefined || !known.includes(name)) {
      const near = name === undefined ? undefined : closest(name, known);
      const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean "${near}"?`;
      diagnostics.add("E005", property, name === undefined ? "of trace.with" : `"${name}" of trace.with`, hint);
    } else if (name === "parent") {
      options.parent =
        alias === undefined ? { entry: parentEntry, hole: property.value } : { entry: parentEntry, again: alias };
    } else {
      const value = constantString(property.value, bindings.scopes);
      if (value === undefined) {
        diagnostics.add(
          "E006",
          property.value,
          `the ${name} of trace.with`,
          "use a string literal or a const of this file",
        );
      } else options[name as "target" | "name"] = value;
    }
  }
  return options;
}

function keyName(key: Node): string | undefined {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}
