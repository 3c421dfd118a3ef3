/** What `@instrument` asks for, read from its options at build time. */
import { Level, parseLevel } from "../../runtime/level.ts";
import { closest, type Diagnostics, type Place } from "../diagnostics.ts";
import type { Node } from "../parse.ts";
import { memberName, stringValue, unwrap } from "../syntax.ts";
import { openEntry, parentEntry } from "./callsite.ts";

/** The options of one `@instrument`, with every default filled in but the name and the target. */
export interface InstrumentOptions {
  readonly name: string | undefined;
  readonly target: string | undefined;
  readonly level: Level;
  /** Parameters that are not recorded; `"all"` for none of them. */
  readonly skip: ReadonlySet<string> | "all";
  readonly fields: readonly TextValue[];
  readonly parent: string | undefined;
  readonly followsFrom: string | undefined;
  readonly err: Outcome | undefined;
  readonly ret: Outcome | undefined;
}

/** A field and the source of its value, which is evaluated in the function. */
export interface TextValue {
  readonly entry: string;
  readonly text: string;
  /** It is a function of the arguments, which is called with those of the function that is instrumented. */
  readonly calls?: "arrow" | "function";
}

/** The event for a result: its level and how the value is shown. */
export interface Outcome {
  readonly level: Level | undefined;
  readonly format: "value" | "debug" | "display";
}

/** Where options are written: the file itself, or a comment that was parsed on its own. */
export interface OptionSource {
  readonly code: string;
  /** What to point at: nodes of a comment have other offsets than the file. */
  readonly place: (node: Node) => Place;
}

const known = ["name", "level", "target", "skip", "skipAll", "fields", "parent", "followsFrom", "err", "ret"];
const outcomes = ["level", "format"];
const levels = Object.keys(Level) as (keyof typeof Level & string)[];

const defaults: InstrumentOptions = {
  name: undefined,
  target: undefined,
  level: Level.INFO,
  skip: new Set(),
  fields: [],
  parent: undefined,
  followsFrom: undefined,
  err: undefined,
  ret: undefined,
};

/** Reads `@instrument`, `@instrument("name")` or `@instrument({ … })`. */
export function instrumentOptions(
  given: readonly Node[],
  whole: Node | undefined,
  source: OptionSource,
  diagnostics: Diagnostics,
): InstrumentOptions {
  const [argument, ...rest] = given.map(unwrap);
  if (argument === undefined) return defaults;
  const name = stringValue(argument);
  if (name !== undefined && rest.length === 0) return { ...defaults, name };
  if (argument.type !== "ObjectExpression" || rest.length > 0) {
    report(whole ?? argument, "takes one object literal", "write @instrument({ … })");
    return defaults;
  }
  const options: { -readonly [Key in keyof InstrumentOptions]: InstrumentOptions[Key] } = { ...defaults };
  for (const property of argument.properties) {
    if (property.type === "SpreadElement" || property.computed) {
      report(property, "takes no spread or computed options", "write them out: they are read at build time");
      continue;
    }
    const key = keyOf(property.key);
    if (key === "fields" && property.method) {
      options.fields = [{ entry: openEntry, text: `function ${textOf(property.value)}`, calls: "function" }];
    } else read(key, unwrap(property.value), property);
  }
  return options;

  function read(key: string, value: Node, property: Node): void {
    switch (key) {
      case "name":
      case "target":
        options[key] = stringValue(value);
        if (options[key] === undefined) report(value, `needs a string literal for ${key}`, `${key}: "…"`);
        return;
      case "level":
        options.level = levelOf(value) ?? options.level;
        return;
      case "skip":
        options.skip = namesOf(value);
        return;
      case "skipAll":
        if (isTrue(value)) options.skip = "all";
        return;
      case "fields":
        options.fields = fieldsOf(value);
        return;
      case "parent":
      case "followsFrom":
        options[key] = textOf(value);
        return;
      case "err":
      case "ret":
        options[key] = outcomeOf(value);
        return;
      default: {
        const near = closest(key, known);
        const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean "${near}"?`;
        diagnostics.add("E005", source.place(property), `"${key}" of @instrument`, hint);
      }
    }
  }

  /** `skip: [socket]`: names, never evaluated. */
  function namesOf(value: Node): ReadonlySet<string> {
    const names = new Set<string>();
    const elements = value.type === "ArrayExpression" ? value.elements : [value];
    for (const element of elements) {
      const node = element === null ? undefined : unwrap(element);
      const name = node?.type === "Identifier" ? node.name : node && stringValue(node);
      if (name === undefined) report(element ?? value, "needs names in skip", "skip: [socket]");
      else names.add(name);
    }
    return names;
  }

  /** An object literal; or a function of the arguments that returns one, as decorators have to write it. */
  function fieldsOf(value: Node): readonly TextValue[] {
    if (value.type === "ArrowFunctionExpression") return [{ entry: openEntry, text: textOf(value), calls: "arrow" }];
    if (value.type === "FunctionExpression") return [{ entry: openEntry, text: textOf(value), calls: "function" }];
    if (value.type !== "ObjectExpression") return [{ entry: openEntry, text: textOf(value) }];
    const fields: TextValue[] = [];
    for (const property of value.properties) {
      if (property.type === "SpreadElement") fields.push({ entry: openEntry, text: textOf(property.argument) });
      else if (property.computed || property.kind !== "init" || property.method) {
        diagnostics.add("E007", source.place(property), textOf(property), "write name: value");
      } else {
        const entry = keyOf(property.key);
        if (entry === openEntry || entry === parentEntry || entry === "__proto__") {
          diagnostics.add("E007", source.place(property), `"${entry}" is reserved`, "choose another name");
        } else if (fields.some((field) => field.entry === entry)) {
          diagnostics.add("E008", source.place(property), entry);
        } else fields.push({ entry, text: textOf(property.value) });
      }
    }
    return fields;
  }

  /** `true`, a level, `"debug"`, `"display"`, or `{ level, format }`. */
  function outcomeOf(value: Node): Outcome | undefined {
    if (value.type === "Literal" && typeof value.value === "boolean") {
      return value.value ? { level: undefined, format: "value" } : undefined;
    }
    const format = formatOf(value);
    if (format !== undefined) return { level: undefined, format };
    if (value.type !== "ObjectExpression") return { level: levelOf(value), format: "value" };
    let outcome: Outcome = { level: undefined, format: "value" };
    for (const property of value.properties) {
      const key = property.type === "SpreadElement" ? "..." : keyOf(property.key);
      if (property.type === "SpreadElement" || !outcomes.includes(key)) {
        diagnostics.add("E005", source.place(property), `"${key}" of err or ret`, `known are ${outcomes.join(", ")}`);
      } else if (key === "level") outcome = { ...outcome, level: levelOf(unwrap(property.value)) };
      else outcome = { ...outcome, format: formatOf(unwrap(property.value)) ?? "value" };
    }
    return outcome;
  }

  function levelOf(value: Node): Level | undefined {
    const name = memberName(value) ?? stringValue(value);
    if (name !== undefined) {
      try {
        return parseLevel(name);
      } catch {
        const near = closest(name, levels);
        const hint = near === undefined ? `known are ${levels.join(", ")}` : `did you mean Level.${near}?`;
        diagnostics.add("E004", source.place(value), name, hint);
        return undefined;
      }
    }
    diagnostics.add("E004", source.place(value), textOf(value), 'write Level.DEBUG or "debug"');
    return undefined;
  }

  function textOf(node: Node): string {
    return source.code.slice(node.start, node.end);
  }

  function report(node: Node, message: string, fix: string): void {
    diagnostics.add("E013", source.place(node), message, fix);
  }
}

function keyOf(key: Node): string {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" ? String(key.value) : "";
}

function isTrue(value: Node): boolean {
  return value.type === "Literal" && value.value === true;
}

function formatOf(value: Node): "debug" | "display" | undefined {
  const text = stringValue(value);
  return text === "debug" || text === "display" ? text : undefined;
}
