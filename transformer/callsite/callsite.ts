import type { Level, LevelFilter } from "../../runtime/level.ts";
import type { Node } from "../parse.ts";

/** One macro call as the build knows it. */
export interface Callsite {
  readonly kind: "event" | "span" | "enabled";
  /** The whole call: what the expansion replaces. */
  readonly call: Node;
  /** The levels that stay in the build: none when it is stripped, several when the level is dynamic. */
  readonly levels: readonly Level[];
  /** The levels that are not in the build, because they are above the static maximum of the target. */
  readonly stripped: readonly Level[];
  readonly staticMax: LevelFilter;
  /** The expression that gives the level at run time, where it is not a literal. */
  readonly dynamicLevel: Node | undefined;
  readonly target: string;
  /** The name given by `with({ name })`; events have a default, spans have `text`. */
  readonly name: string | undefined;
  /** The static message of an event, or the name of a span. */
  readonly text: string | undefined;
  /** What is passed at run time, in source order. */
  readonly values: readonly Value[];
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** The named function around it. */
  readonly function: string | undefined;
}

/** A value of a call: the entry it has in the row's field list, and where it comes from. */
export type Value =
  /** A part of the source that is left where it is. */
  | { readonly entry: string; readonly hole: Node }
  /** A constant that is in scope at the call and is read again. */
  | { readonly entry: string; readonly again: Node & { readonly name: string } }
  /** Nothing is passed: only the name is asked for. */
  | { readonly entry: string };

/** Entries of the field list that are not names; see ARCHITECTURE.md. */
export const openEntry = "...";
export const parentEntry = "^";
export const messageEntry = "message";
