/** What the build knows of a callsite, as Rust's `Metadata`. */
import type { Level } from "./level.ts";

/** The static side of an event, a span or an `enabled` question. One object per callsite: usable as a key. */
export interface Metadata {
  readonly kind: "event" | "span" | "enabled";
  /** The span's name; of an event `event <file>:<line>` or what `name` said. */
  readonly name: string;
  readonly level: Level;
  readonly target: string;
  /** Relative to the package; `undefined` in an untransformed program, as line and column. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The names of the declared fields, without message, parent and open sets. */
  readonly fields: readonly string[];
  /** One entry per value: a name, `message`, `^` (parent) or `...` (open set). */
  readonly layout: readonly string[];
  /** The static message, with `{field}` placeholders. */
  readonly message: string | undefined;
}

/** `src/server.ts:12`, or the target where the file is not known. */
export function placeOf(metadata: Metadata): string {
  return metadata.file === undefined ? metadata.target : `${metadata.file}:${metadata.line}`;
}
