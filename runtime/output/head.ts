/** What stands before the message of a line of text: `TIME LEVEL`, then after the spans `target: file:line:`. */
import type { Metadata } from "../metadata.ts";
import type { Paint } from "./ansi.ts";
import type { OutputOptions } from "./options.ts";
import type { TemplateBuilder } from "./template.ts";
import { levelName } from "../level.ts";
import { placeOf } from "../metadata.ts";
import { threadId as ownThreadId } from "../usdt/node.ts";
import { escape } from "../value.ts";
import { around, DIM, levelColor, painter, wantsColor } from "./ansi.ts";
import { timeOf } from "./timestamp.ts";

/** Options of the text outputs. */
export interface TextOptions extends OutputOptions {
  /** Colours. Default: on a terminal, unless NO_COLOR is set or a `writer` is given; FORCE_COLOR turns it on. */
  readonly ansi?: boolean | undefined;
  /** Whether lines show the level. Default: true. */
  readonly level?: boolean | undefined;
  /** Whether lines show file and line, where the build knows them. Default: false. */
  readonly file?: boolean | undefined;
}

/** The options of a text output, resolved. */
export interface Head {
  readonly paint: Paint;
  /** Adds time, level and thread, each with a space after it. */
  readonly start: (to: TemplateBuilder, metadata: Metadata) => void;
  /** Adds target and place, each with a colon and a space after it. */
  readonly origin: (to: TemplateBuilder, metadata: Metadata) => void;
}

/** Resolves the options. */
export function headOf(options: TextOptions): Head {
  const { timer, target = true, level = true, file, threadId, ansi = !options.writer && wantsColor() } = options;
  const paint = painter(ansi);
  const time = timeOf(timer, false);
  const [on, off] = around(paint, DIM);
  return {
    paint,
    start(to, metadata) {
      if (time) to.add(on).value(time).add(`${off} `);
      if (level) to.add(`${paint(levelColor[metadata.level], levelName(metadata.level).padStart(5))} `);
      if (threadId) to.add(`${paint(DIM, `ThreadId(${ownThreadId()})`)} `);
    },
    origin(to, metadata) {
      if (target) to.add(`${paint(DIM, `${escape(metadata.target)}:`)} `);
      if (file && metadata.file !== undefined) to.add(`${paint(DIM, `${escape(placeOf(metadata))}:`)} `);
    },
  };
}
