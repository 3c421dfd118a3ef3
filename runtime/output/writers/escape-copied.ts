/** Escapes text that Node has copied into a line: four bytes at a time, as long as there is nothing to do. */
import type { ByteLine } from "./byte-line.ts";
import { copyWords } from "./copy-words.ts";
import { isInvisible, writeSpecial } from "./special-character.ts";

/**
 * Escapes so many bytes of UTF-8 behind the end of a line and ends the line there; false, and nothing is done, if they
 * may stand for a lone surrogate, which only the string knows.
 */
export function escapeCopied(line: ByteLine, size: number, isQuoted: boolean): boolean {
  const { at } = line;
  const end = at + size;
  const dirty = cleanUntil(line.view, at, end, isQuoted);
  if (dirty === end) {
    line.at = end;
    return true;
  }
  line.at = dirty;
  if (escapeRest(line, end, isQuoted)) return true;
  line.at = at;
  return false;
}

/** Escapes what there is between the end of a line and `end`. */
function escapeRest(line: ByteLine, end: number, isQuoted: boolean): boolean {
  const start = line.at;
  const rest = end - start;
  // what is escaped takes up to six times its room, so it goes out of its own way
  line.reserve(rest * 7 + 16);
  const { bytes, view } = line;
  let from = start + rest * 6 + 8;
  bytes.copyWithin(from, start, end);
  const last = from + rest;
  let at = start;
  for (;;) {
    const dirty = cleanUntil(view, from, last, isQuoted);
    copyWords(view, from, view, at, dirty - from);
    at += dirty - from;
    if (dirty === last) break;
    from = dirty;
    const word = view.getInt32(from, true);
    const first = word & 0xff;
    const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const code = size === 1 ? first : size === 4 ? 0x10000 : unitOf(word, size);
    if (code === 0xfffd) return false;
    from += size;
    if (code < 0xa0 || isInvisible(code)) at = writeSpecial(bytes, at, code, 0);
    else {
      view.setInt32(at, word, true);
      at += size;
    }
  }
  line.at = at;
  return true;
}

/** Where the first byte is that is not clean, or the end. */
function cleanUntil(view: DataView, start: number, end: number, isQuoted: boolean): number {
  for (let at = start; at < end; at += 4) {
    const signs = signsOf(view.getInt32(at, true), isQuoted);
    // the lowest sign is that of a byte, those above it may be carried
    if (signs !== 0) return Math.min(end, at + ((31 - Math.clz32(signs & -signs)) >> 3));
  }
  return end;
}

/** Of four bytes at once: a sign in each that is not ASCII, a control character, or if quoted a quote or backslash. */
function signsOf(four: number, isQuoted: boolean): number {
  let signs = (four - 0x20202020) | (four + 0x01010101) | four;
  if (isQuoted) signs |= ((four ^ 0x22222222) - 0x01010101) | ((four ^ 0x5c5c5c5c) - 0x01010101);
  return signs & 0x80808080;
}

/** The character of two or three bytes. */
function unitOf(word: number, size: number): number {
  const second = (word >> 8) & 0x3f;
  return size === 2 ? ((word & 0x1f) << 6) | second : ((word & 0xf) << 12) | (second << 6) | ((word >> 16) & 0x3f);
}
