/** The bytes of the line that is being made: text goes in once, escaped and encoded as it is copied. */
import type { Encoded, Line } from "../../line.ts";
import type { Piece } from "../template.ts";
import type { NodeBuffer } from "../../platform.ts";
import { host } from "../../platform.ts";
import { ByteTemplate } from "./byte-template.ts";
import { copyWords } from "./copy-words.ts";
import { digits, sixDigits, threeDigits } from "./digits.ts";
import { escapeCopied } from "./escape-copied.ts";
import { isPair, writeSpecial } from "./special-character.ts";

/** Padded with zeros to whole words. */
type Words = Exclude<Encoded, string>;

/** Strings from this length on are copied by Node, and looked through for what must be escaped afterwards. */
const long = 20;

/** So much of a string at a time, because what is escaped may take six times its room. */
const most = 4096;

/** Keys of JSON objects, ready to be put: so many, then it begins anew. */
const keys: Map<string, Encoded> = /*#__PURE__*/ new Map();
const mostKeys = 1000;

/** From this size on (bytes) a buffer is given back after its line. */
const large = 1 << 20;

/** A buffer that grows. */
export class ByteLine implements Line {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  /** The same memory with Node's own encoder, where there is one. */
  node: NodeBuffer | undefined;
  at = 0;
  /** What is before that is not of this line, and cannot be taken back. */
  floor = 0;

  /** Encoded text, eight bytes at a time: no valid UTF-8 is a NaN, so doubles carry it as it is. */
  put(text: Encoded): void {
    const { view: from, size } = text as Words;
    this.reserve(size + 8);
    copyWords(from, 0, this.view, this.at, size);
    this.at += size;
  }

  template(pieces: readonly Piece[]): ByteTemplate {
    return new ByteTemplate(pieces);
  }

  encode(text: string): Encoded {
    const from = this.at;
    this.raw(text);
    const words = this.copy(from);
    this.reset(from);
    return words;
  }

  raw(text: string): void {
    this.reserve(text.length * 3);
    const { node, at } = this;
    this.at += node ? node.write(text, at) : new host.TextEncoder!().encodeInto(text, this.bytes.subarray(at)).written;
  }

  /** One ASCII character. */
  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.at++] = code;
  }

  /** A JSON string literal, without control characters that only JSON allows. */
  quoted(text: string): void {
    this.byte(0x22);
    this.escaped(text, true);
    this.byte(0x22);
  }

  /** A string in one line that cannot forge another: control characters and lone surrogates escaped as in JSON. */
  escaped(text: string, isQuoted = false): void {
    if (text.length < long || this.node === undefined) return this.unitByUnit(text, isQuoted);
    if (text.length <= most) return this.copied(text, isQuoted);
    for (let from = 0, to = 0; from < text.length; from = to) {
      to = Math.min(text.length, from + most);
      // no character is cut in two
      if (to < text.length && isPair(text.charCodeAt(to - 1), text.charCodeAt(to))) to--;
      this.copied(text.slice(from, to), isQuoted);
    }
  }

  /** The same for a string that Node copies. */
  private copied(text: string, isQuoted: boolean): void {
    this.reserve(text.length * 3 + 8);
    if (!escapeCopied(this, this.node!.write(text, this.at), isQuoted)) this.unitByUnit(text, isQuoted);
  }

  /** The same where there is nothing faster. */
  private unitByUnit(text: string, isQuoted: boolean): void {
    const { length } = text;
    // three bytes are the most for a unit that is not escaped; those that are make room for themselves
    this.reserve(length * 3 + 8);
    let { bytes, at } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (
        (code > 0x5c && code < 0x7f) ||
        (code > 0x22 && code < 0x5c) ||
        code === 0x20 ||
        code === 0x21 ||
        (!isQuoted && (code === 0x22 || code === 0x5c))
      ) {
        bytes[at++] = code;
      } else if (code > 0x9f && code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        this.at = at;
        this.reserve((length - i) * 3 + 8);
        ({ bytes } = this);
        const next = text.charCodeAt(i + 1);
        at = writeSpecial(bytes, at, code, next);
        if (isPair(code, next)) i++;
      }
    }
    this.at = at;
  }

  /** The key of a JSON object, with its colon. The same few come again and again. */
  key(name: string): void {
    let text = keys.get(name);
    if (text === undefined) {
      const from = this.at;
      this.quoted(name);
      this.byte(0x3a);
      text = this.copy(from);
      this.reset(from);
      if (keys.size === mostKeys) keys.clear();
      keys.set(name, text);
    }
    this.put(text);
  }

  /** `true` or `false`. */
  boolean(value: boolean): void {
    this.reserve(8);
    this.view.setInt32(this.at, value ? 0x74727565 : 0x66616c73);
    this.at += 4;
    if (!value) this.byte(0x65);
  }

  /** A number as JavaScript prints it; integers digit by digit. */
  number(value: number): void {
    if (!Number.isSafeInteger(value)) return this.escaped(`${value}`);
    let rest = value;
    if (rest < 0) {
      this.byte(0x2d);
      rest = -rest;
    }
    this.reserve(24);
    const high = Math.floor(rest / 1e9);
    if (high > 0) {
      this.at = digits(this.view, this.at, high);
      rest -= high * 1e9;
      const millions = (rest / 1e6) | 0;
      this.at = threeDigits(this.view, this.at, millions);
      this.six(rest - millions * 1e6);
    } else this.at = digits(this.view, this.at, rest);
  }

  /** An integer with six digits. */
  six(value: number): void {
    this.reserve(8);
    this.at = sixDigits(this.view, this.at, value);
  }

  /** What was written from there on, to be written again. */
  copy(from: number): Encoded {
    const size = this.at - from;
    const copy = new Uint8Array((size + 7) & ~7);
    copy.set(this.bytes.subarray(from, this.at));
    return { view: new DataView(copy.buffer), size };
  }

  /** What was written from there on, as a string. */
  text(from: number): string {
    return this.node
      ? this.node.toString("utf8", from, this.at)
      : new host.TextDecoder!("utf-8", { ignoreBOM: true }).decode(this.bytes.subarray(from, this.at));
  }

  /** Ends what began there, whether it was taken or not. */
  reset(from: number): void {
    if (from < this.at) this.at = Math.max(from, this.floor);
    if (this.at === 0 && this.bytes.length > large) this.use(new Uint8Array(4096));
  }

  reserve(more: number): void {
    if (this.at + more > this.bytes.length) this.grow(this.at + more);
  }

  private grow(least: number): void {
    const grown = new Uint8Array(Math.max(4096, least, 2 * this.bytes.length));
    // also what Node has copied behind the end
    grown.set(this.bytes.subarray(this.floor), this.floor);
    this.use(grown);
  }

  /** From now on the line is in other memory. */
  use(bytes: Uint8Array, view: DataView = new DataView(bytes.buffer)): void {
    this.bytes = bytes;
    this.view = view;
    this.node = host.Buffer?.from(bytes.buffer);
  }
}

/** The line of all who take bytes. */
export const byteLine: ByteLine = /*#__PURE__*/ new ByteLine();
