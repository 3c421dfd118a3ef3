/** Finds every function that `@instrument` stands on: as a decorator, in a doc comment, or as its first statement. */
import type { Level } from "../../runtime/level.ts";
import type { Bindings } from "../bindings.ts";
import { positionOf, type Diagnostics, type Place } from "../diagnostics.ts";
import { staticMaxLevel, type ResolvedOptions } from "../options.ts";
import { parse, type Comment, type Node, type Program } from "../parse.ts";
import { isFunction, functionName, statementsOf, unwrap, wrapped, type FunctionNode } from "../syntax.ts";
import { parentEntry, type Callsite } from "./callsite.ts";
import { instrumentOptions, type InstrumentOptions, type OptionSource, type Outcome } from "./instrument.ts";
import { nodeAt } from "./node-at.ts";
import { parameterNames } from "./parameters.ts";

/** A function whose body is a span. */
export interface Instrumented {
  readonly fn: FunctionNode;
  /** The decorator or statement that asked for it, which is removed; a comment stays. */
  readonly request: Node | undefined;
  readonly span: Callsite;
  /** The source of the span's values, in the order of its entries. */
  readonly values: readonly string[];
  readonly followsFrom: string | undefined;
  readonly err: Callsite | undefined;
  readonly ret: Callsite | undefined;
  readonly formats: { readonly err: Outcome["format"]; readonly ret: Outcome["format"] };
}

/** `@instrument` at the beginning of a line of a doc comment. */
const tag = /(?:^|\n)[\s*]*@instrument\b[ \t]*/;

export function findInstrumented(
  file: { readonly code: string; readonly program: Program; readonly comments: readonly Comment[] },
  moduleTarget: string,
  bindings: Bindings,
  options: ResolvedOptions,
  diagnostics: Diagnostics,
): readonly Instrumented[] {
  const { code, program } = file;
  const found = new Map<Node, Instrumented>();
  const here: OptionSource = { code, place: (node) => node };
  for (const node of bindings.exportsNamed("instrument")) fromDecorator(node);
  for (const member of bindings.members) if (member.name === "instrument") fromMember(member.node);
  // What was transformed before still has its comments.
  const isFresh = !code.includes("dtracing/internal");
  for (const comment of file.comments) {
    if (isFresh && comment.type === "Block" && comment.value.startsWith("*") && tag.test(comment.value))
      fromComment(comment);
  }
  return [...found.values()].toSorted((a, b) => a.fn.start - b.fn.start);

  function fromDecorator(node: Node): void {
    const value = wrapped(node);
    const call = value.parent?.type === "CallExpression" && value.parent.callee === value ? value.parent : undefined;
    const decorator = (call === undefined ? value : wrapped(call)).parent;
    if (decorator?.type !== "Decorator") return;
    const given = instrumentOptions(call?.arguments ?? [], decorator, here, diagnostics);
    const holder = decorator.parent;
    if (holder?.type === "ClassDeclaration" || holder?.type === "ClassExpression") {
      const functions = holder.body.body.flatMap((member) => methodOf(member) ?? []);
      // The request goes with the first of them; a class without methods has nothing to keep it for.
      functions.forEach((fn, index) =>
        add(fn, { ...given, name: undefined }, index === 0 ? decorator : undefined, decorator),
      );
      return;
    }
    const fn = holder && methodOf(holder);
    if (fn === undefined)
      diagnostics.add("E013", decorator, "stands on something that has no body", "put it on a method");
    else add(fn, given, decorator);
  }

  /** `trace.instrument!({ … });` as the first statement of a function. */
  function fromMember(member: Node): void {
    const callee = wrapped(member);
    const call =
      callee.parent?.type === "CallExpression" && callee.parent.callee === callee ? callee.parent : undefined;
    const statement = call && (call.parent?.type === "ChainExpression" ? call.parent : call).parent;
    if (call !== undefined && wrapped(call).parent?.type === "Decorator") return fromDecorator(member);
    const body = statement?.parent;
    const fn = body?.parent;
    const first = body && statementsOf(body)?.find((one) => !("directive" in one) || one.directive === null);
    if (call === undefined || fn === undefined || fn === null || !isFunction(fn) || first !== statement) {
      diagnostics.add(
        "E013",
        call ?? member,
        "has to be the first statement of a function",
        "move it to the top of the body",
      );
      return;
    }
    add(fn, instrumentOptions(call.arguments, call, here, diagnostics), statement);
  }

  /** `/** @instrument({ … }) *\/` before a function, or before what holds one. */
  function fromComment(comment: Comment): void {
    const place: Place = comment;
    const node = nodeAt(program, nextToken(comment.end));
    const fn = node && functionOf(node);
    if (fn === undefined) {
      if (node && "body" in node && /^Class/.test(node.type)) return classMethods(node, comment);
      diagnostics.add("E013", place, "does not stand before a function", "put the comment right before it");
      return;
    }
    add(fn, commentOptions(comment), undefined, place);
  }

  function classMethods(node: Node, comment: Comment): void {
    if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return;
    const given = commentOptions(comment);
    for (const member of node.body.body) {
      const fn = methodOf(member);
      if (fn !== undefined) add(fn, { ...given, name: undefined }, undefined, comment);
    }
  }

  function commentOptions(comment: Comment): InstrumentOptions {
    const after = comment.value.slice(
      (tag.exec(comment.value)?.index ?? 0) + (tag.exec(comment.value)?.[0].length ?? 0),
    );
    if (!after.startsWith("(")) return instrumentOptions([], undefined, here, diagnostics);
    // Lines of a doc comment begin with a star; the options end at the matching parenthesis.
    const text = `f${balanced(after.replaceAll(/\n[ \t]*\*/g, "\n "))}`;
    const parsed = parse(text, "options.ts");
    const statement = "problem" in parsed ? undefined : parsed.program.body[0];
    const call = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
    if (call?.type !== "CallExpression") {
      diagnostics.add("E013", comment, `has options that cannot be read: ${text.slice(1)}`, "write @instrument({ … })");
      return instrumentOptions([], undefined, here, diagnostics);
    }
    return instrumentOptions(call.arguments, call, { code: text, place: () => comment }, diagnostics);
  }

  function nextToken(offset: number): number {
    const gap = /^\s*/.exec(code.slice(offset))?.[0].length ?? 0;
    const comment = file.comments.find(({ start }) => start === offset + gap);
    return comment === undefined ? offset + gap : nextToken(comment.end);
  }

  function add(
    fn: FunctionNode,
    given: InstrumentOptions,
    request: Node | undefined,
    place: Place = request ?? fn,
  ): void {
    if (fn.body === null || found.has(fn)) return;
    const parameters = parameterNames(fn);
    const { skip } = given;
    if (skip !== "all") {
      for (const name of skip) {
        if (parameters.includes(name)) continue;
        const hint =
          parameters.length === 0 ? "the function has no parameters" : `its parameters are ${parameters.join(", ")}`;
        diagnostics.add("E013", place, `skips "${name}", which is no parameter`, hint);
      }
    }
    // A field of the same name replaces the parameter.
    const recorded = parameters.filter(
      (name) => skip !== "all" && !skip.has(name) && !given.fields.some((field) => field.entry === name),
    );
    const fields = [
      ...(given.parent === undefined ? [] : [{ entry: parentEntry, text: given.parent }]),
      ...recorded.map((name) => ({ entry: name, text: name })),
      ...given.fields.map((field) => ({ ...field, text: called(field.text, fn) })),
    ];
    const target = given.target ?? moduleTarget;
    const name = given.name ?? functionName(fn) ?? "anonymous";
    const row = (
      kind: Callsite["kind"],
      level: Level,
      entries: readonly string[],
      text: string | undefined,
    ): Callsite => ({
      kind,
      call: fn,
      levels: level <= staticMaxLevel(target, options) ? [level] : [],
      dynamicLevel: undefined,
      target,
      name: undefined,
      text,
      values: entries.map((entry) => ({ entry })),
      ...positionOf(code, fn.start),
      function: name,
    });
    const { err, ret } = given;
    found.set(fn, {
      fn,
      request,
      span: row(
        "span",
        given.level,
        fields.map(({ entry }) => entry),
        name,
      ),
      values: fields.map(({ text }) => text),
      followsFrom: given.followsFrom,
      err: err && row("event", err.level ?? 1, ["error"], undefined),
      ret: ret && row("event", ret.level ?? given.level, ["return"], undefined),
      formats: { err: err?.format ?? "value", ret: ret?.format ?? "value" },
    });
  }
}

/** A function as `fields` is called with the function's own arguments. */
function called(text: string, fn: FunctionNode): string {
  if (!/^(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)/.test(text) || !/=>|^function/.test(text)) return text;
  const names = fn.params.map((parameter) => (parameter.type === "Identifier" ? parameter.name : undefined));
  const passed =
    fn.type === "ArrowFunctionExpression" ? names.map((name) => name ?? "undefined").join(", ") : "...arguments";
  return `(${text})(${passed})`;
}

/** The text up to the parenthesis that closes the first one. */
function balanced(text: string): string {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== "") {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (/["'`]/.test(character)) quote = character;
    else if (/[([{]/.test(character)) depth++;
    else if (/[)\]}]/.test(character) && --depth === 0) return text.slice(0, at + 1);
  }
  return text;
}

/** The function of a class member: a method, an accessor, or a property that holds one. */
function methodOf(member: Node): FunctionNode | undefined {
  switch (member.type) {
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty": {
      const value = member.value && unwrap(member.value);
      return value && isFunction(value) ? value : undefined;
    }
    default:
      return undefined;
  }
}

/** The function that a statement, property or expression is or holds. */
function functionOf(node: Node): FunctionNode | undefined {
  const value = unwrap(node);
  if (isFunction(value)) return value;
  switch (value.type) {
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return value.declaration ? functionOf(value.declaration) : undefined;
    case "VariableDeclaration": {
      const init = value.declarations.length === 1 ? value.declarations[0]?.init : undefined;
      return init ? functionOf(init) : undefined;
    }
    case "ExpressionStatement":
      return functionOf(value.expression);
    case "AssignmentExpression":
      return functionOf(value.right);
    case "Property":
      return functionOf(value.value);
    default:
      return methodOf(value);
  }
}
