/** Runs what must run before the process ends: at exit (also after an uncaught exception) and on signals that end it. */
import { report } from "../../report.ts";
import { processOf } from "./node-fs.ts";

const signals = ["SIGTERM", "SIGINT", "SIGHUP"];

/** Called with whether this is the end. */
type Last = (final: boolean) => void;

/** What is shared by all copies of the package, because each signal must have one listener of ours. */
interface Shared {
  readonly atExit: Set<Last>;
  readonly onSignals: Set<Last>;
  /** Whether the listeners are there. */
  exits: boolean;
  signals: boolean;
}

/**
 * Calls `f` at exit and, where `withSignals`, on the signals that end a process. A program that handles the signal
 * itself goes on; any other dies of it, as it would have. The answer takes it back.
 */
export function onExit(f: Last, withSignals: boolean): () => void {
  const process = processOf();
  if (process === undefined) return () => {};
  const key = Symbol.for("dtracing.exit");
  const shared = ((globalThis as { [key]?: Shared })[key] ??= {
    atExit: new Set(),
    onSignals: new Set(),
    exits: false,
    signals: false,
  });
  const { atExit, onSignals } = shared;
  if (!shared.exits) process.on("exit", () => run(atExit, true));
  shared.exits = true;
  atExit.add(f);
  if (withSignals) onSignals.add(f);
  if (withSignals && !shared.signals) {
    shared.signals = true;
    for (const signal of signals) {
      const handler = (): void => {
        const final = process.listenerCount(signal) === 1;
        run(onSignals, final);
        if (!final) return;
        // the signal's own effect, which a listener replaces
        process.off(signal, handler);
        process.kill(process.pid, signal);
      };
      process.on(signal, handler);
    }
  }
  return () => {
    atExit.delete(f);
    onSignals.delete(f);
  };
}

function run(all: ReadonlySet<Last>, final: boolean): void {
  for (const f of all) {
    try {
      f(final);
    } catch (error) {
      report("flush", "lines could not be written at exit", "error", error);
    }
  }
}
