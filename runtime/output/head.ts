/** What stands before the message of a line of text: `TIME LEVEL`, then after the spans `target: file:line:`. */
import type { Metadata } from "../metadata.ts";
import type { Paint } from "./ansi.ts";
import type { OutputOptions } from "./options.ts";
import { levelName } from "../level.ts";
import { placeOf } from "../metadata.ts";
import { escape } from "../value.ts";
import { DIM, levelColor, painter, wantsColor } from "./ansi.ts";
import { clock } from "./timestamp.ts";
import { writerOf } from "./writer.ts";

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
  readonly write: (line: string, metadata: Metadata) => void;
  /** Time and level, each with a space after it. */
  readonly start: (metadata: Metadata) => string;
  /** Target and place, each with a colon and a space after it. */
  readonly origin: (metadata: Metadata) => string;
}

/** Resolves the options. */
export function headOf(options: TextOptions): Head {
  const { timer = clock(), target = true, level = true, file, ansi = !options.writer && wantsColor() } = options;
  const paint = painter(ansi);
  return {
    paint,
    write: writerOf(options.writer),
    start: (metadata) =>
      (timer ? `${paint(DIM, timer())} ` : "") +
      (level ? `${paint(levelColor[metadata.level], levelName(metadata.level).padStart(5))} ` : ""),
    origin: (metadata) =>
      (target ? `${paint(DIM, `${escape(metadata.target)}:`)} ` : "") +
      (file && metadata.file !== undefined ? `${paint(DIM, `${escape(placeOf(metadata))}:`)} ` : ""),
  };
}
