/** Whether to colour, and how: the colours of Rust's `fmt`. */
import type { Level } from "../level.ts";
import { builtin, environment } from "../platform.ts";

/** True for a terminal on stdout; NO_COLOR (not empty) turns it off, FORCE_COLOR (not 0) on. */
export function wantsColor(): boolean {
  if (environment("NO_COLOR")) return false;
  const force = environment("FORCE_COLOR");
  if (force !== undefined) return force !== "0" && force !== "false";
  return builtin<{ isatty(fd: number): boolean }>("tty")?.isatty(1) ?? false;
}

/** Wraps text in an SGR code; `paint` of a plain output returns it as it is. */
export type Paint = (code: number, text: string) => string;

/** The painter of an output. */
export function painter(ansi: boolean): Paint {
  return ansi ? (code, text) => `\x1b[${code}m${text}\x1b[0m` : (_, text) => text;
}

/** What a painter puts before a text, and what behind it. */
export function around(paint: Paint, code: number): readonly [on: string, off: string] {
  return paint(code, "\n").split("\n") as [string, string];
}

export const DIM = 2;
export const BOLD = 1;
export const ITALIC = 3;
/** Red, yellow, green, blue, magenta. */
export const levelColor: Readonly<Record<Level, number>> = { 1: 31, 2: 33, 3: 32, 4: 34, 5: 35 };
