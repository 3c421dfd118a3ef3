/** The line that is being made: text goes in piece by piece, and what was too much is taken back. */
import type { Piece, Writes } from "./output/template.ts";
import { escape, quote } from "./escape.ts";

/** Text as a kind of line holds it, prepared for being written many times. */
export type Encoded = string | { readonly view: DataView; readonly size: number };

/** A string, or the bytes of one. Whoever writes begins at `at`, and resets to it when the text was taken. */
export interface Line {
  readonly at: number;
  /** What writes these pieces, where the line knows better than `Template`. */
  template?(pieces: readonly Piece[]): Writes;
  /** Prepares text for `put`. */
  encode(text: string): Encoded;
  put(text: Encoded): void;
  /** Text as it is. */
  raw(text: string): void;
  /** One ASCII character. */
  byte(code: number): void;
  /** A string in one line that cannot forge another; `isQuoted` if it is inside of a JSON string. */
  escaped(text: string, isQuoted?: boolean): void;
  /** A JSON string literal, without control characters that only JSON allows. */
  quoted(text: string): void;
  /** The key of a JSON object, with its colon. */
  key(name: string): void;
  boolean(value: boolean): void;
  /** A number as JavaScript prints it. */
  number(value: number): void;
  /** An integer with six digits. */
  six(value: number): void;
  /** What was written from there on, prepared for `put`. */
  copy(from: number): Encoded;
  /** What was written from there on. */
  text(from: number): string;
  /** Takes back what was written from there on. */
  reset(from: number): void;
}

class TextLine implements Line {
  content = "";

  get at(): number {
    return this.content.length;
  }

  encode(text: string): Encoded {
    return text;
  }

  put(text: Encoded): void {
    this.content += text as string;
  }

  raw(text: string): void {
    this.content += text;
  }

  byte(code: number): void {
    this.content += String.fromCharCode(code);
  }

  escaped(text: string, isQuoted = false): void {
    this.content += isQuoted ? quote(text).slice(1, -1) : escape(text);
  }

  quoted(text: string): void {
    this.content += quote(text);
  }

  key(name: string): void {
    this.content += `${quote(name)}:`;
  }

  boolean(value: boolean): void {
    this.content += value;
  }

  number(value: number): void {
    this.content += value;
  }

  six(value: number): void {
    this.content += `${value}`.padStart(6, "0");
  }

  copy(from: number): Encoded {
    return this.text(from);
  }

  text(from: number): string {
    return this.content.slice(from);
  }

  reset(from: number): void {
    this.content = this.content.slice(0, from);
  }
}

/** The line of those who take strings. What is made while another is made (a `toJSON` that wants JSON) goes behind it. */
export const textLine: Line = /*#__PURE__*/ new TextLine();

/** The string that `write` leaves in a line. */
export function textBy(write: (line: Line) => void): string {
  const from = textLine.at;
  try {
    write(textLine);
    return textLine.text(from);
  } finally {
    textLine.reset(from);
  }
}
