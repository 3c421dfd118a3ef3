import { closest, type Diagnostics } from "../diagnostics.ts";
import type { Node } from "../parse.ts";
import { openEntry, type Value } from "./callsite.ts";

/** Doubled braces, which are literal, or a placeholder with its name. */
const braces = /\{\{|\}\}|\{([A-Za-z_$][\w$.:-]*)\}/g;

/** Reports the `{name}` placeholders of a static message that no field fills. An open set may hold any name. */
export function checkPlaceholders(
  message: string,
  place: Node,
  values: readonly Value[],
  diagnostics: Diagnostics,
): void {
  const names = values.map((value) => value.entry);
  if (names.includes(openEntry)) return;
  for (const [, name] of message.matchAll(braces)) {
    if (name === undefined || names.includes(name)) continue;
    const near = closest(name, names);
    const hint =
      near === undefined ? `add the field, or write {{${name}}} for literal braces` : `did you mean {${near}}?`;
    diagnostics.add("E009", place, name, hint);
  }
}
