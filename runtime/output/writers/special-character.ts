/** Characters that are escaped in a line, or longer than two bytes. */

/** Whether two units are one character. */
export function isPair(code: number, next: number): boolean {
  return code >= 0xd800 && code < 0xdc00 && next >= 0xdc00 && next < 0xe000;
}

/** Writes such a character, and answers where it ends: at most six bytes on. */
export function writeSpecial(bytes: Uint8Array, start: number, code: number, next: number): number {
  let at = start;
  if (isPair(code, next)) {
    const point = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
    bytes[at++] = 0xf0 | (point >> 18);
    bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
    bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    bytes[at++] = 0x80 | (point & 0x3f);
    return at;
  }
  if (code > 0x9f && !isInvisible(code) && !isSurrogate(code)) {
    bytes[at++] = 0xe0 | (code >> 12);
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at++] = 0x80 | (code & 0x3f);
    return at;
  }
  bytes[at++] = 0x5c;
  const letter = code < letters.length ? letters[code]! : 0;
  if (letter !== 0) {
    bytes[at++] = letter;
    return at;
  }
  bytes[at++] = 0x75;
  for (let shift = 12; shift >= 0; shift -= 4) bytes[at++] = "0123456789abcdef".charCodeAt((code >> shift) & 15);
  return at;
}

/** What stands behind the backslash, for characters that have a letter. */
const letters: Uint8Array = /*#__PURE__*/ lettersOf({ "\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r", '"': '"', "\\": "\\" }); // prettier-ignore

function lettersOf(escapes: Readonly<Record<string, string>>): Uint8Array {
  const letters = new Uint8Array(0x80);
  for (const [char, letter] of Object.entries(escapes)) letters[char.charCodeAt(0)] = letter.charCodeAt(0);
  return letters;
}

/** Line separators and bidi controls. */
export function isInvisible(code: number): boolean {
  return (code > 0x2027 && code < 0x202f) || (code > 0x2065 && code < 0x206a);
}

function isSurrogate(code: number): boolean {
  return code > 0xd7ff && code < 0xe000;
}
