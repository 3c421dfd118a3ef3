/** What `@instrument` takes. */
import type { Level, LevelName } from "../level.ts";
import type { ParentLike } from "../parent.ts";

/** How the outcome of a function is recorded: `true`, a level, `"debug"` or `"display"`, or both. */
export type OutcomeOption =
  | boolean
  | "debug"
  | "display"
  | Level
  | LevelName
  | { readonly level?: Level | LevelName; readonly format?: "debug" | "display" };

/** Options of `@instrument`, `/** @instrument *\/`, `trace.instrument!` and `instrument(fn, …)`. Each has a default. */
export interface InstrumentOptions {
  /** The name of the span. Default: the function's name. */
  readonly name?: string;
  /** Default: INFO. */
  readonly level?: Level | LevelName;
  /** Default: package and module path, as of events. */
  readonly target?: string;
  /**
   * Parameters that are not recorded, by name. In a decorator names are strings; in a comment and in
   * `trace.instrument!` they may be the parameters themselves, which are not evaluated there.
   */
  readonly skip?: readonly unknown[];
  /** Records no parameter. Default: false. */
  readonly skipAll?: boolean;
  /**
   * More fields, by name; one with the name of a parameter replaces it. In a decorator, where the parameters are
   * not in scope, a function that is called with the arguments and the `this` of each call.
   */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly fields?: object | ((this: any, ...args: any[]) => object);
  /** Default: the current span; `null` for none. */
  readonly parent?: ParentLike;
  /** A span because of which this one exists. */
  readonly followsFrom?: ParentLike;
  /** An event inside the span for what the function throws or rejects with. Default: none; its level is ERROR. */
  readonly err?: OutcomeOption;
  /** An event inside the span for what the function returns or resolves to. Default: none; its level is the span's. */
  readonly ret?: OutcomeOption;
}
