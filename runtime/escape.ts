/** Strings as they may stand in a line. */

/** What a line must not contain raw: C0, DEL, C1, line separators, bidi controls, lone surrogates. */
// eslint-disable-next-line no-control-regex
const unsafe = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\p{Cs}]/gu;

/** A string in one line that cannot forge another: control characters and lone surrogates escaped as in JSON. */
export function escape(text: string): string {
  return text.replace(unsafe, (char) =>
    char < " " ? JSON.stringify(char).slice(1, -1) : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A JSON string literal, without control characters that only JSON allows. */
export function quote(text: string): string {
  return escape(JSON.stringify(text));
}
