/** Finds every function that `@instrument` stands on: as a decorator, in a doc comment, or as its first statement. */
import type { Level } from "../../runtime/level.ts";
import type { Bindings } from "../bindings.ts";
import { positionOf, type Diagnostics, type Place } from "../diagnostics.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Comment, Node, Program } from "../parse.ts";
import { isFunction, functionName, statementsOf, wrapped, type FunctionNode } from "../syntax.ts";
import { parentEntry, type Callsite } from "./callsite.ts";
import { asksForSpan, commentOptions } from "./doc-comment.ts";
import { valueOf } from "./field-value.ts";
import { functionOf, methodOf, methodsOf } from "./held-function.ts";
import { instrumentOptions, type InstrumentOptions, type OptionSource, type Outcome } from "./instrument.ts";
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
  if (isFresh(code)) for (const comment of file.comments) if (asksForSpan(comment)) fromComment(comment);
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
    add(fn, commentOptions(comment, diagnostics), place);
  }

  function classMethods(node: Node, comment: Comment): void {
    if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return;
    const given = commentOptions(comment, diagnostics);
    for (const fn of methodsOf(node)) add(fn, { ...given, name: undefined }, comment);
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
