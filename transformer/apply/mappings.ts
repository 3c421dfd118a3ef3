/** The mappings of a source map, written as they are found: base 64 digits of differences. */

const digits = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const [comma, semicolon] = [0x2c, 0x3b];
/** Five numbers of at most seven digits, and what stands before them. */
const longestSegment = 40;

/** Goes through the edited text from its start to its end; every place is a place of one source. */
export class Mappings {
  #bytes = Buffer.allocUnsafe(16_384);
  #size = 0;
  #column = 0;
  #isFirst = true;
  // What the next segment is written as a difference to.
  #lastColumn = 0;
  #lastLine = 0;
  #lastSourceColumn = 0;

  /** Text that comes from nowhere: what follows it maps again. */
  skip(text: string): void {
    const breaks = text.split("\n").length - 1;
    for (let n = 0; n < breaks; n++) this.#nextLine();
    this.#column += text.length - text.lastIndexOf("\n") - 1;
  }

  /** Text that stands for the source at a place: every line of it leads there. */
  replacement(text: string, line: number, column: number): void {
    if (text === "") return;
    let from = 0;
    for (let at = text.indexOf("\n"); at !== -1 && at < text.length - 1; at = text.indexOf("\n", at + 1)) {
      this.#segment(line, column);
      this.#nextLine();
      from = at + 1;
    }
    this.#segment(line, column);
    this.skip(text.slice(from));
  }

  /** Source that stayed, from `start` to `end`: a segment for every word and for every other character. */
  source(code: string, start: number, end: number, line: number, column: number): void {
    let [sourceLine, sourceColumn] = [line, column];
    let isInWord = false;
    for (let at = start; at < end; at++) {
      const character = code.charCodeAt(at);
      if (character === 10) {
        sourceLine++;
        sourceColumn = 0;
        this.#nextLine();
        isInWord = false;
        continue;
      }
      const isWord = character < 128 && wordCharacters[character] === 1;
      if (!isWord || !isInWord) this.#segment(sourceLine, sourceColumn);
      isInWord = isWord;
      sourceColumn++;
      this.#column++;
    }
  }

  done(): string {
    return this.#bytes.toString("latin1", 0, this.#size);
  }

  #nextLine(): void {
    this.#room();
    this.#bytes[this.#size++] = semicolon;
    this.#column = 0;
    this.#lastColumn = 0;
    this.#isFirst = true;
  }

  #segment(line: number, column: number): void {
    this.#room();
    if (this.#isFirst) this.#isFirst = false;
    else this.#bytes[this.#size++] = comma;
    this.#number(this.#column - this.#lastColumn);
    this.#number(0);
    this.#number(line - this.#lastLine);
    this.#number(column - this.#lastSourceColumn);
    this.#lastColumn = this.#column;
    this.#lastLine = line;
    this.#lastSourceColumn = column;
  }

  /** Five bits to a digit, the lowest first, the sign in the lowest of them. */
  #number(value: number): void {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1;
    while (rest > 31) {
      this.#bytes[this.#size++] = digits[(rest & 31) | 32]!;
      rest >>>= 5;
    }
    this.#bytes[this.#size++] = digits[rest]!;
  }

  #room(): void {
    if (this.#size + longestSegment <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}

/** 1 for what `\w` matches. */
const wordCharacters = Uint8Array.from({ length: 128 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));
