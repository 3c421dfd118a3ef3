import type { Diagnostics } from "../diagnostics.ts";
import type { Node } from "../parse.ts";
import type { Scopes } from "../scope.ts";
import { openEntry, parentEntry, type Value } from "./callsite.ts";
import { constantString } from "./constant.ts";

/** The fields of an object literal, in source order. What has no static name is reported and left out. */
export function fieldsOf(
  object: Node & { readonly type: "ObjectExpression" },
  scopes: Scopes,
  diagnostics: Diagnostics,
): readonly Value[] {
  const values: Value[] = [];
  for (const property of object.properties) {
    if (property.type === "SpreadElement") {
      values.push({ entry: openEntry, hole: property.argument });
      continue;
    }
    const name = nameOf(property, scopes);
    if (property.kind !== "init" || property.method) {
      diagnostics.add(
        "E007",
        property,
        `a ${property.method ? "method" : "getter"}`,
        "give the field a value: name: value",
      );
    } else if (name === undefined) {
      const hint =
        "use a literal or a const of this file, or spread an object for an open set of fields: { ...fields }";
      diagnostics.add("E007", property.key, "the computed name is not a constant", hint);
    } else if (name === openEntry || name === parentEntry || name === "__proto__") {
      diagnostics.add("E007", property.key, `"${name}" is reserved`, "choose another name");
    } else if (values.some((value) => value.entry === name)) {
      diagnostics.add("E008", property, name);
    } else values.push({ entry: name, hole: property.value });
  }
  return values;
}

function nameOf(property: Node & { readonly type: "Property" }, scopes: Scopes): string | undefined {
  if (!property.computed && property.key.type === "Identifier") return property.key.name;
  return constantString(property.key, scopes);
}
