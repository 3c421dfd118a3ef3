/** Finds every function that `@instrument` stands on: as a decorator, in a doc comment, or as its first statement. */
import type { Level } from "../../runtime/level.ts";
import type { Bindings } from "../bindings.ts";
import { positionOf, type Diagnostics, type Place } from "../diagnostics.ts";
import type { ResolvedOptions } from "../options.ts";
import { parse, type Comment, type Node, type Program } from "../parse.ts";
import { isFunction, functionName, statementsOf, unwrap, wrapped, type FunctionNode } from "../syntax.ts";
import { parentEntry, type Callsite } from "./callsite.ts";
import {
  instrumentOptions,
  type InstrumentOptions,
  type OptionSource,
  type Outcome,
  type TextValue,
} from "./instrument.ts";
import { nodeAt } from "./node-at.ts";
import { declaredTwice, parameterNames } from "./parameters.ts";
import { staticLevels } from "./static-levels.ts";

/** What `@instrument` asked for in a file. */
export interface Instruments {
  readonly functions: readonly Instrumented[];
  /** The decorators and statements that asked, which are removed; a comment stays. */
  readonly requests: readonly Node[];
}

/** A function whose body is a span. */
export interface Instrumented {
  readonly fn: FunctionNode;
  readonly span: Callsite;
  /** The source of the span's values, in the order of its entries. */
  readonly values: readonly string[];
  readonly followsFrom: string | undefined;
  readonly err: Callsite | undefined;
  readonly ret: Callsite | undefined;
  readonly formats: { readonly err: Outcome["format"]; readonly ret: Outcome["format"] };
}

/** Whether a file is source: what was transformed before still has its comments. */
export function isFresh(code: string): boolean {
  return !code.includes("dtracing/internal");
}

/** `@instrument` at the beginning of a line of a doc comment. */
const tag = /(?:^|\n)[\s*]*@instrument\b[ \t]*/;

export function findInstrumented(
  file: { readonly code: string; readonly program: Program; readonly comments: readonly Comment[] },
  moduleTarget: string,
  bindings: Bindings,
  options: ResolvedOptions,
  diagnostics: Diagnostics,
): Instruments {
  const { code, program } = file;
  const found = new Map<Node, Instrumented>();
  const requests: Node[] = [];
  const here: OptionSource = { code, place: (node) => node };
  for (const node of bindings.exportsNamed("instrument")) fromDecorator(node);
  for (const member of bindings.members) if (member.name === "instrument") fromMember(member.node);
  for (const comment of file.comments) {
    if (isFresh(code) && comment.type === "Block" && comment.value.startsWith("*") && tag.test(comment.value))
      fromComment(comment);
  }
  return { functions: [...found.values()].toSorted((a, b) => a.fn.start - b.fn.start), requests };

  function fromDecorator(node: Node): void {
    const value = wrapped(node);
    const call = value.parent?.type === "CallExpression" && value.parent.callee === value ? value.parent : undefined;
    const decorator = (call === undefined ? value : wrapped(call)).parent;
    if (decorator?.type !== "Decorator") return;
    const given = instrumentOptions(call?.arguments ?? [], decorator, here, diagnostics);
    const holder = decorator.parent;
    if (holder?.type === "ClassDeclaration" || holder?.type === "ClassExpression") {
      requests.push(decorator);
      for (const fn of methodsOf(holder)) add(fn, { ...given, name: undefined }, decorator);
      return;
    }
    const fn = holder && methodOf(holder);
    if (fn === undefined)
      diagnostics.add("E013", decorator, "stands on something that has no body", "put it on a method");
    else {
      requests.push(decorator);
      add(fn, given, decorator);
    }
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
    requests.push(statement!);
    add(fn, instrumentOptions(call.arguments, call, here, diagnostics), statement!);
  }

  /** `/** @instrument({ … }) *\/` before a function, or before what holds one. */
  function fromComment(comment: Comment): void {
    const place: Place = comment;
    const node = nodeAt(program, nextToken(comment.end));
    const fn = node && functionOf(node);
    if (fn === undefined) {
      if (node && "body" in node && node.type.startsWith("Class")) return classMethods(node, comment);
      diagnostics.add("E013", place, "does not stand before a function", "put the comment right before it");
      return;
    }
    add(fn, commentOptions(comment), place);
  }

  function classMethods(node: Node, comment: Comment): void {
    if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return;
    const given = commentOptions(comment);
    for (const fn of methodsOf(node)) add(fn, { ...given, name: undefined }, comment);
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

  function add(fn: FunctionNode, given: InstrumentOptions, place: Place): void {
    if (fn.body === null || found.has(fn)) return;
    const twice = declaredTwice(fn);
    if (twice !== undefined) {
      diagnostics.add("E013", place, `stands on a function that declares "${twice}" twice`, "rename one of them");
      return;
    }
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
      ...given.fields.map((field) => ({ ...field, text: valueOf(field, fn) })),
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
      ...staticLevels([level], target, options),
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

/** The source of a field's value; a function is called with the arguments and the `this` of `fn`. */
function valueOf({ text, calls }: TextValue, fn: FunctionNode): string {
  if (calls === undefined) return text;
  const names = fn.params.map((parameter, index) => argumentOf(parameter, index, fn)).join(", ");
  return calls === "arrow" ? `(${text})(${names})` : `(${text}).call(this${names === "" ? "" : `, ${names}`})`;
}

/**
 * A parameter as an argument. Only what was taken apart is read from `arguments`, which an arrow function has none
 * of, and which tsc would have to know of to lower it with an async function.
 */
function argumentOf(parameter: Node, index: number, fn: FunctionNode): string {
  switch (parameter.type) {
    case "Identifier":
      return parameter.name;
    case "AssignmentPattern":
      return argumentOf(parameter.left, index, fn);
    case "TSParameterProperty":
      return argumentOf(parameter.parameter, index, fn);
    case "RestElement":
      return `...${argumentOf(parameter.argument, index, fn)}`;
    default:
      return fn.type === "ArrowFunctionExpression" ? "undefined" : `arguments[${index}]`;
  }
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

/** The methods and accessors of a class; its constructor is asked for by itself, in a comment. */
function methodsOf(holder: Node & { readonly type: "ClassDeclaration" | "ClassExpression" }): readonly FunctionNode[] {
  return holder.body.body.flatMap((member) =>
    member.type === "MethodDefinition" && member.kind === "constructor" ? [] : (methodOf(member) ?? []),
  );
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
