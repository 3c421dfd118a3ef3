/** Spans as a tree, for a terminal: written when the root closes, with the time that each one took. */
import type { Filtered, Layer } from "../subscriber/layer.ts";
import type { SpanData } from "../subscriber/span-data.ts";
import type { TextOptions } from "./head.ts";
import { textBy, textLine } from "../line.ts";
import { host } from "../platform.ts";
import { DIM } from "./ansi.ts";
import { durationText } from "./duration.ts";
import { addEvent, writeSpan } from "./fields.ts";
import { headOf } from "./head.ts";
import { remembered } from "./line-layer.ts";
import { TemplateBuilder } from "./template.ts";
import { targetOf, writerOf } from "./writer.ts";

/** Options of the tree. */
export interface TreeOptions extends TextOptions {
  /** The most lines that are kept for one root; what comes after is counted. Default: 1000. */
  readonly maxLines?: number | undefined;
  /** The clock of the durations, in milliseconds; `false` for none. Default: `performance.now`. */
  readonly clock?: (() => number) | false | undefined;
}

interface Node {
  readonly text: () => string;
  readonly children: Node[];
}

interface Branch extends Node {
  readonly start: number;
  readonly root: { lines: number; lost: number };
}

/** A layer that writes each tree of spans at once, when its root closes; events outside of spans are lines at once. */
export function tree(options: TreeOptions = {}): Layer | Filtered {
  const { paint, start, origin } = headOf({ timer: false, ...options });
  const write = writerOf(targetOf(options.writer));
  const templateOf = remembered((metadata) => {
    const to = new TemplateBuilder(textLine, false);
    start(to, metadata);
    origin(to, metadata);
    addEvent(to, metadata, paint);
    return to.build();
  });
  const { maxLines = 1000, clock = () => host.performance?.now() ?? Date.now() } = options;
  const now = (): number => (clock ? clock() : 0);
  const key = Symbol("branch");
  const branchOf = (span: SpanData | undefined): Branch | undefined => span?.extensions.get(key) as Branch | undefined;
  const add = (parent: Branch, node: Node): boolean => {
    const kept = parent.root.lines < maxLines;
    if (kept) parent.children.push(node);
    parent.root[kept ? "lines" : "lost"]++;
    return kept;
  };
  const took = (from: number, to: number): string => (clock ? ` ${paint(DIM, durationText(to - from))}` : "");
  const layer: Layer = {
    keepsEvents: false,
    onNewSpan(_, id, context) {
      const span = context.span(id)!;
      const parent = branchOf(context.spanScope(id)[1]);
      const branch: Branch = {
        text: () => textBy((line) => writeSpan(line, span, paint)) + took(branch.start, ends.get(span) ?? now()),
        children: [],
        start: now(),
        root: parent?.root ?? { lines: 1, lost: 0 },
      };
      span.extensions.set(key, branch);
      if (parent) add(parent, branch);
    },
    onEvent(event, context) {
      const { metadata } = event;
      const text = textBy((line) => templateOf(metadata).write(line, event, context, undefined));
      const branch = branchOf(context.eventSpan(event));
      if (branch) add(branch, { text: () => text.trimStart(), children: [] });
      else write(`${text}\n`, metadata);
    },
    onClose(id, context) {
      const span = context.span(id)!;
      ends.set(span, now());
      if (context.spanScope(id).length > 1) return;
      const branch = branchOf(span);
      if (branch === undefined) return;
      const lines = [branch.text(), ...draw(branch.children, "")];
      const { lost } = branch.root;
      if (lost > 0) lines.push(paint(DIM, `… and ${lost} more`));
      write(`${lines.join("\n")}\n`, span.metadata);
    },
  };
  const ends = new WeakMap<SpanData, number>();
  return options.filter ? { layer, filter: options.filter } : layer;
}

function draw(nodes: readonly Node[], indent: string): string[] {
  return nodes.flatMap((node, i) => {
    const last = i === nodes.length - 1;
    const below = draw(node.children, `${indent}${last ? "   " : "│  "}`);
    return [`${indent}${last ? "└─ " : "├─ "}${node.text()}`, ...below];
  });
}
