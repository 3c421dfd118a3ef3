/** Waiting, with timers that keep no process alive and without. */
interface Timers {
  setTimeout(f: () => void, milliseconds: number): unknown;
}
const timers: Timers = globalThis as unknown as Timers;

/** A timer that keeps no process alive; exit flushes. */
export function later(f: () => void, milliseconds: number): unknown {
  const timer = timers.setTimeout(f, milliseconds);
  (timer as { unref?(): void }).unref?.();
  return timer;
}

/** Resolves after a while. */
export function soon(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void timers.setTimeout(resolve, milliseconds));
}

/** Stops the thread for a while. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
