/** What a table says of a callsite in one character: all that is looked at until somebody wants it. */
import type { Level } from "./level.ts";
import type { Metadata } from "./metadata.ts";

type Kind = Metadata["kind"];

/** The codes of each kind, ERROR to TRACE: their low three bits are the level, the higher ones the kind. */
const codes = { event: "12345", span: "abcde", enabled: "qrstu" } as const;
const kinds = { 3: "event", 6: "span", 7: "enabled" } as const;

/** The code of a callsite. */
export function codeOf(kind: Kind, level: Level): string {
  return codes[kind][level - 1]!;
}

/** The level of a callsite, by its index. */
export function levelAt(codes: string, index: number): Level {
  return (codes.charCodeAt(index) & 7) as Level;
}

/** The kind of a callsite, by its index. */
export function kindAt(codes: string, index: number): Kind {
  return kinds[(codes.charCodeAt(index) >> 4) as keyof typeof kinds];
}
