/** What text and JSON output have in common. */
import type { Filter } from "../subscriber/filter.ts";
import type { Writer } from "./writer.ts";

/** Options of an output; each has a default. */
export interface OutputOptions {
  /** Where lines go. Default: stdout, each line at once; in a browser the console. */
  readonly writer?: Writer | undefined;
  /** A filter for this output alone. Default: none, it gets all that the registry gets. */
  readonly filter?: Filter | undefined;
  /** The timestamp of a line, or `false` for none. Default: UTC with microseconds. */
  readonly timer?: (() => string) | false | undefined;
  /** Whether lines show the target. Default: true. */
  readonly target?: boolean | undefined;
  /** Whether lines show the number of the thread: 0 is the main one, workers have others. Default: false. */
  readonly threadId?: boolean | undefined;
}
