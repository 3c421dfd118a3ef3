import { Level } from "../../runtime/level.ts";
import type { Bindings, TraceMember } from "../bindings.ts";
import { closest, positionOf, type Diagnostics } from "../diagnostics.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Node } from "../parse.ts";
import { enclosingFunction, unwrap, wrapped } from "../syntax.ts";
import { messageEntry, openEntry, type Callsite, type Value } from "./callsite.ts";
import { constantString } from "./constant.ts";
import { fieldsOf } from "./fields.ts";
import { levelArgument } from "./level.ts";
import { macros, type Macro } from "./macro.ts";
import { checkPlaceholders } from "./message.ts";
import { warnOfEffects } from "./effects.ts";
import { staticLevels } from "./static-levels.ts";
import { withOptions } from "./with.ts";

type Call = Node & { readonly type: "CallExpression" };

/**
 * Finds every macro call of a file, in source order, and checks it. Calls inside a stripped call are gone with
 * it. `moduleTarget` is the target of what says nothing else.
 */
export function findCallsites(
  code: string,
  moduleTarget: string,
  bindings: Bindings,
  options: ResolvedOptions,
  diagnostics: Diagnostics,
): readonly Callsite[] {
  const callsites: Callsite[] = [];
  let strippedEnd = 0;
  const found = bindings.members.map((member) => ({ member, call: callOf(member) }));
  for (const { member, call } of found.toSorted((a, b) => start(a) - start(b))) {
    // Not a call that is replaced: find-instrumented reads it.
    if (member.name === "instrument") continue;
    const macro = macros.get(member.name);
    if (macro === undefined) {
      if (call !== undefined) reportUnknown(member, diagnostics);
      continue;
    }
    if (call === undefined) {
      if (!isTested(member)) diagnostics.add("E002", member.node, `trace.${member.name}`);
      continue;
    }
    if (call.start < strippedEnd) continue;
    const callsite = describe(call, member, macro);
    if (callsite === undefined) continue;
    callsites.push(callsite);
    if (callsite.levels.length > 0) continue;
    warnOfEffects(callsite, code, diagnostics);
    strippedEnd = call.end;
  }
  return callsites;

  function describe(call: Call, member: TraceMember, macro: Macro): Callsite | undefined {
    const shown = `trace.${member.name}!`;
    const { target = moduleTarget, name, parent } = withOptions(member.withs, bindings, diagnostics);
    const given = argumentsOf(call, shown, diagnostics);
    if (given === undefined) return undefined;
    const level = macro.level ?? levelOf(given.shift(), call, shown);
    if (level === "unknown") return undefined;
    const isDynamic = typeof level !== "number";
    if (parent !== undefined && isDynamic && "hole" in parent && !canMove(parent.hole)) {
      const hint = "keep the parent in a const: its expression would run after the level's";
      diagnostics.add("E006", parent.hole, "a computed parent together with a level that", hint);
      return undefined;
    }
    if (name !== undefined && macro.kind !== "event") {
      diagnostics.add("E005", call, `"name" of trace.with for ${shown}`, "only events take a name");
    }
    const content = contentOf(macro, given, call, shown);
    if (content === undefined) return undefined;
    return {
      kind: macro.kind,
      call: call.parent?.type === "ChainExpression" ? call.parent : call,
      ...staticLevels(isDynamic ? Object.values(Level) : [level], target, options),
      dynamicLevel: isDynamic ? level : undefined,
      target,
      name,
      text: content.text,
      values: parent === undefined ? content.values : [parent, ...content.values],
      ...positionOf(code, call.start),
      function: enclosingFunction(call),
    };
  }

  function levelOf(argument: Node | undefined, call: Call, shown: string): Level | Node | "unknown" {
    if (argument !== undefined) return levelArgument(argument, bindings, diagnostics);
    diagnostics.add("E004", call, "(none)", `give a level first: ${shown}(Level.INFO, …)`);
    return "unknown";
  }

  function contentOf(macro: Macro, given: Node[], call: Call, shown: string): Content | undefined {
    switch (macro.kind) {
      case "event":
        return eventContent(given, call, shown);
      case "span":
        return spanContent(given, call, shown);
      case "enabled":
        return enabledContent(given, call, shown);
    }
  }

  /** Fields and message, in either order. */
  function eventContent(given: readonly Node[], call: Call, shown: string): Content | undefined {
    if (given.length > 2) {
      const hint = "put the values into the fields: { name: value }";
      diagnostics.add("E003", call, `${shown} takes fields and a message, found ${given.length} arguments`, hint);
      return undefined;
    }
    let text: string | undefined;
    let place: Node | undefined;
    let fields: Node | undefined;
    const values: Value[] = [];
    for (const argument of given) {
      const value = unwrap(argument);
      const constant = constantString(value, bindings.scopes);
      const isMessage = constant !== undefined || value.type === "TemplateLiteral";
      if (isMessage ? place !== undefined : value.type === "ObjectExpression" && fields !== undefined) {
        const what = isMessage ? "message" : "set of fields";
        diagnostics.add("E003", argument, `${shown} takes one ${what}, found a second one`, "join them");
        return undefined;
      }
      if (isMessage) place = argument;
      if (constant !== undefined) text = constant;
      else if (isMessage) values.push({ entry: messageEntry, hole: argument });
      else if (value.type === "ObjectExpression") {
        fields = argument;
        values.push(...fieldsOf(value, bindings.scopes, diagnostics));
      } else values.push({ entry: openEntry, hole: argument });
    }
    const messages = values.filter((value) => value.entry === messageEntry).length;
    if (messages + (text === undefined ? 0 : 1) > 1) diagnostics.add("E008", fields ?? call, messageEntry);
    if (text !== undefined && place !== undefined) checkPlaceholders(text, place, values, diagnostics);
    return { text, values };
  }

  /** A static name, then fields. */
  function spanContent(given: readonly Node[], call: Call, shown: string): Content | undefined {
    const [name, fields, ...rest] = given;
    const text = name === undefined ? undefined : constantString(name, bindings.scopes);
    if (text === undefined) {
      diagnostics.add("E010", name ?? call, name === undefined ? "none" : sourceOf(name, code));
      return undefined;
    }
    if (rest.length > 0) {
      diagnostics.add(
        "E003",
        call,
        `${shown} takes a name and fields, found ${given.length} arguments`,
        "remove the rest",
      );
      return undefined;
    }
    if (fields === undefined) return { text, values: [] };
    const value = unwrap(fields);
    if (value.type !== "ObjectExpression") return { text, values: [{ entry: openEntry, hole: fields }] };
    return { text, values: fieldsOf(value, bindings.scopes, diagnostics) };
  }

  /** The level came before; what may follow is a list of field names. */
  function enabledContent(given: readonly Node[], call: Call, shown: string): Content | undefined {
    const [list, ...rest] = given;
    if (list === undefined) return { text: undefined, values: [] };
    const array = unwrap(list);
    const names = array.type === "ArrayExpression" ? array.elements : [null];
    const constants = names.map((name) => (name === null ? undefined : constantString(name, bindings.scopes)));
    if (rest.length > 0 || constants.includes(undefined)) {
      diagnostics.add("E003", call, `${shown} takes a level and a list of field names`, '["name", …], literals only');
      return undefined;
    }
    return { text: undefined, values: constants.map((entry) => ({ entry: entry ?? "" })) };
  }
}

interface Content {
  readonly text: string | undefined;
  readonly values: readonly Value[];
}

/** The call of a macro, or nothing when the macro is only read. */
function callOf(member: TraceMember): Call | undefined {
  const callee = wrapped(member.node);
  const call = callee.parent;
  return call?.type === "CallExpression" && call.callee === callee ? call : undefined;
}

function start({ member, call }: { readonly member: TraceMember; readonly call: Call | undefined }): number {
  return call?.start ?? member.node.start;
}

function argumentsOf(call: Call, shown: string, diagnostics: Diagnostics): Node[] | undefined {
  const spread = call.arguments.find((argument) => argument.type === "SpreadElement");
  if (spread === undefined) return [...call.arguments];
  diagnostics.add(
    "E003",
    spread,
    `${shown} takes no spread arguments`,
    "name the fields, or spread inside them: { ...fields }",
  );
  return undefined;
}

function reportUnknown(member: TraceMember, diagnostics: Diagnostics): void {
  const known = [...macros.keys(), "with"];
  const near = closest(member.name, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean trace.${near}!(…)?`;
  diagnostics.add("E001", member.node, member.name, hint);
}

/** `typeof trace.info` and `trace.info !== undefined` ask whether it is there, and are left alone. */
function isTested({ node }: TraceMember): boolean {
  const user = wrapped(node).parent;
  if (user?.type === "UnaryExpression") return user.operator === "typeof";
  return user?.type === "BinaryExpression" && /^[!=]==?$/.test(user.operator);
}

/** Whether an expression gives the same value wherever it stands. */
function canMove(node: Node): boolean {
  const { type } = unwrap(node);
  return type === "Identifier" || type === "ThisExpression" || type === "Literal";
}

function sourceOf(node: Node, code: string): string {
  const text = code.slice(node.start, node.end).replaceAll(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
