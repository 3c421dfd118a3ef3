/** An EnvFilter that is changed while the program runs: by call, by a watched file, by a signal, or through a socket. */
import type { EnvFilter } from "../subscriber/env-filter.ts";
import type { Filter } from "../subscriber/filter.ts";
import { report } from "../report.ts";
import { doubtsOf } from "../subscriber/env/doubts.ts";
import { envFilter } from "../subscriber/env-filter.ts";
import { reload } from "../subscriber/reload.ts";
import { programFolders, readCatalogues } from "../usdt/read-catalogues.ts";
import { node } from "./node.ts";
import { listen } from "./socket.ts";

/** Where changes come from; none of it unless asked for. */
export interface LiveOptions {
  /** A file that holds a filter, read at start and whenever it changes; a file that is empty or gone is the initial one. */
  readonly file?: string | undefined;
  /** Milliseconds between two looks at the file. Default: 500. */
  readonly interval?: number | undefined;
  /** A signal, such as SIGUSR2: reads the file at once, or without one goes on to debug, trace, and back. */
  readonly signal?: string | undefined;
  /** Listens for `npx dtracing set` and `get` of the same user (or root). Default: false. */
  readonly socket?: boolean | undefined;
}

/** A filter, for everybody or for one output. */
export interface LiveFilter {
  readonly filter: Filter;
  readonly current: EnvFilter;
  /** Sets another one; throws a FilterError. Answers what is doubtful about it, such as targets that do not exist. */
  set(text: string): readonly string[];
  /** Stops to watch and listen. */
  close(): void;
}

/** Starts with a filter; every change takes effect on the next call. */
export function liveFilter(initial = "info", { file, interval = 500, signal, socket }: LiveOptions = {}): LiveFilter {
  const first = envFilter(initial);
  const folders = programFolders();
  const [filter, handle] = reload(first);
  const closers: (() => void)[] = [];
  const set = (text: string): readonly string[] => {
    handle.reload(envFilter(text));
    return doubts();
  };
  const doubts = (): readonly string[] =>
    doubtsOf(handle.current.directives, readCatalogues(folders)).map(({ text }) => text);
  // at start most modules are still to come; what is certain already, the filter tells by itself
  let isStart = true;
  const attempt = (from: string, text: string): void => {
    try {
      const told = set(text);
      if (!isStart) for (const doubt of told) report(doubt, `${from}: ${doubt}`, "warn");
    } catch (error) {
      report(`${from} ${text}`, `${from}: ${(error as Error).message}; ${handle.current} stays`);
    }
  };
  const read = (): void => {
    const text = textOf(file!).trim();
    if (text !== "") attempt(file!, text);
    else handle.reload(first);
  };
  if (file !== undefined) {
    const { fs } = node();
    read();
    fs.watchFile(file, { persistent: false, interval }, read);
    closers.push(() => fs.unwatchFile(file, read));
  }
  if (signal !== undefined) {
    const { process } = node();
    const cycle = ["debug", "trace", `${first}`];
    let step = 0;
    const on = file === undefined ? () => attempt(signal, cycle[step++ % cycle.length]!) : read;
    process.on(signal, on);
    closers.push(() => process.off(signal, on));
  }
  if (socket) {
    closers.push(
      listen(({ set: text }) => {
        const before = `${handle.current}`;
        if (text === undefined) return { filter: before, warnings: doubts() };
        const warnings = set(text);
        return { filter: `${handle.current}`, before, warnings };
      }),
    );
  }
  isStart = false;
  return {
    filter,
    get current() {
      return handle.current;
    },
    set,
    close: () => closers.splice(0).forEach((close) => close()),
  };
}

function textOf(file: string): string {
  try {
    return node().fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
