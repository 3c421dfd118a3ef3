/** A span that a tracer follows, from its making to its end, whether a subscriber wants it as well or not. */
import type { Event } from "../event.ts";
import type { Entered } from "../context.ts";
import type { Dispatch } from "../dispatcher.ts";
import type { SpanId, Subscriber } from "../subscriber.ts";
import type { LoadedFile } from "./loaded-file.ts";
import { innermost } from "../context.ts";
import { noDispatch } from "../dispatcher.ts";
import { options } from "../parent.ts";
import { host } from "../platform.ts";
import { state } from "../state.ts";
import { quote, jsonOf } from "../value.ts";
import type { Marshal } from "./marshal.ts";
import { textOf } from "./argument.ts";
import { threadId } from "./node.ts";
import { callsiteStub, Group, sharedStub } from "./shared.ts";

/** Where a span's probes are. */
export interface SpanPlace {
  readonly file: LoadedFile;
  readonly cell: number;
  readonly closeStub: number;
}

/** The followed spans of subscribers, by dispatcher and id. */
const followed = new WeakMap<Dispatch, Map<SpanId, ProbedSpan>>();
let followedCount = 0;
let open = 0;

/** How many spans tracers follow now. */
export function openSpans(): number {
  return open;
}

/** Counts references as the registry does: handles, entries, and children that are followed. */
export class ProbedSpan {
  readonly place: SpanPlace;
  readonly id: number;
  readonly name: string;
  readonly parent: ProbedSpan | undefined;
  readonly event: Event;
  #refs = 1;
  #depth = 0;
  #entered = 0;
  #busy = 0;
  readonly #made = now();

  constructor(place: SpanPlace, event: Event, marshal: Marshal, id: SpanId) {
    open++;
    state.probing = true;
    this.place = place;
    this.event = event;
    this.id = processWide(id);
    this.name = textOf(event.metadata.name);
    const outer = outerSpan(event);
    this.parent = typeof outer === "object" ? outer : undefined;
    if (this.parent) this.parent.#refs++;
    const { file, cell } = place;
    const parentId = idOf(outer);
    const json = marshal.json(event);
    if (file.halves[2 * cell] !== 0) {
      const [a, b, c] = [marshal.field(event, 0), marshal.field(event, 1), marshal.field(event, 2)];
      file.fire(callsiteStub(cell), this.id, parentId, a, b, c, json);
    }
    if (file.wants(Group.SPAN)) {
      file.fire(sharedStub("new_span"), this.id, parentId, this.name, marshal.target, cell, json);
    }
  }

  enter(): void {
    this.#refs++;
    // a span that is entered twice at a time is busy once
    if (this.#depth++ === 0) this.#entered = now();
    this.#fire("enter");
  }

  /** True if that was the end of the span. */
  exit(): boolean {
    if (--this.#depth === 0) this.#busy += now() - this.#entered;
    this.#fire("exit");
    return this.close();
  }

  record(values: ReadonlyMap<string, unknown>): void {
    const { file } = this.place;
    if (!file.wants(Group.SPAN)) return;
    const fields = [...values].map(([name, value]) => `${quote(name)}:${jsonOf(this.event, name, value)}`);
    file.fire(sharedStub("record"), this.id, this.name, `{${fields.join(",")}}`);
  }

  clone(): void {
    this.#refs++;
  }

  /** Gives a reference back. True if it was the last one. */
  close(): boolean {
    if (--this.#refs !== 0) return false;
    open--;
    const { file, cell, closeStub } = this.place;
    const values = [this.id, this.name, nanoseconds(this.#busy), nanoseconds(now() - this.#made)] as const;
    if (file.halves[2 * cell] !== 0) file.fire(closeStub, ...values);
    if (file.wants(Group.SPAN)) file.fire(sharedStub("close"), ...values);
    this.parent?.close();
    return true;
  }

  #fire(name: "enter" | "exit"): void {
    const { file } = this.place;
    if (file.wants(Group.SPAN)) file.fire(sharedStub(name), this.id, this.name);
  }
}

/** Follows a span that a subscriber has made. */
export function follow(dispatch: Dispatch, id: SpanId, span: ProbedSpan): void {
  let spans = followed.get(dispatch);
  if (spans === undefined) followed.set(dispatch, (spans = new Map()));
  spans.set(id, span);
  if (followedCount++ === 0) state.tap = tap;
}

/** What subscribers are told of their spans, while any is followed. */
function tap(dispatch: Dispatch, method: string, id: SpanId, values?: unknown): void {
  const spans = followed.get(dispatch);
  const span = spans?.get(id);
  if (span === undefined) return;
  let ended = false;
  switch (method) {
    case "enter":
      return span.enter();
    case "record":
      return span.record(values as ReadonlyMap<string, unknown>);
    case "cloneSpan":
      return span.clone();
    case "exit":
    case "tryClose":
      ended = method === "exit" ? span.exit() : span.close();
  }
  if (!ended) return;
  spans!.delete(id);
  if (--followedCount === 0) state.tap = undefined;
}

/** A dispatcher of its own for a span that only a tracer wants. Subscribers do not see such spans: they are nobody's parent. */
export function quietDispatch(span: ProbedSpan): Dispatch {
  const subscriber: Subscriber & { readonly probed: ProbedSpan } = {
    ...noDispatch.subscriber,
    probed: span,
    enter: () => span.enter(),
    exit: () => void span.exit(),
    record: (_, values) => span.record(values),
    cloneSpan: (id) => (span.clone(), id),
    tryClose: () => span.close(),
  };
  return { subscriber, isNone: false };
}

/** What an event or a new span hangs on: a span that is followed, the id of another one, 0 for nothing. */
export function outerSpan({ parent, metadata, values }: Event): ProbedSpan | number {
  if (parent.kind === "current") return currentSpan();
  if (parent.kind === "explicit") return parent.id;
  // for subscribers a span that only a tracer wants is none, and so its children are roots
  let given = values[metadata.layout.indexOf("^")] as
    | Partial<Record<symbol, { readonly parent?: unknown }>>
    | undefined;
  while (given?.[options] !== undefined) given = given[options]!.parent as typeof given;
  const { dispatch } = (given ?? {}) as { readonly dispatch?: Dispatch };
  return (dispatch?.subscriber as { readonly probed?: ProbedSpan } | undefined)?.probed ?? 0;
}

/** Its id for tracers. */
export function idOf(outer: ProbedSpan | number): number {
  return typeof outer === "object" ? outer.id : outer === 0 ? 0 : processWide(outer);
}

/** The innermost span: one that is followed, or the id of another one. */
function currentSpan(): ProbedSpan | number {
  for (let frame = innermost(); frame !== undefined; frame = frame.outer) {
    const found = frame.live ? followedOf(frame.span) : undefined;
    if (found !== undefined) return found;
  }
  return 0;
}

function followedOf({ dispatch, id, metadata }: Entered): ProbedSpan | number | undefined {
  if (metadata === undefined) return undefined;
  return (dispatch.subscriber as { readonly probed?: ProbedSpan }).probed ?? followed.get(dispatch)?.get(id!) ?? id;
}

const thread = 2 ** 40;
let offset: number | undefined;

/** Every thread counts its spans from 1; the thread's number goes above. In the main thread nothing changes. */
function processWide(id: SpanId): number {
  return (offset ??= threadId() * thread) + id;
}

function now(): number {
  return host.performance?.now() ?? 0;
}

function nanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}
