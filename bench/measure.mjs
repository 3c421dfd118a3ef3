/** Times a function in this process. */

/**
 * Nanoseconds of processor time that this process has spent, all its threads: so a peer pays for the work of its
 * garbage collector, and not for what else runs on the machine.
 */
export function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/**
 * What one call costs: `run(count)` makes that many, and may be asynchronous. Many batches after a warm-up;
 * `{ ns, least, wall }` are the median and the least of the batches, and the median by the clock on the wall.
 */
export async function timeCalls(run, { milliseconds = 6, batches = 21, warmUp = 300 } = {}) {
  let count = 16;
  const warm = spent() + warmUp * 1e6;
  for (;;) {
    const start = spent();
    await run(count);
    const taken = (spent() - start) / 1e6;
    if (taken < milliseconds / 2) count *= 2;
    else if (spent() >= warm) {
      count = Math.max(1, Math.round((count * milliseconds) / taken));
      break;
    }
  }
  // a profile needs more of them, so that little of it is the start
  const longer = Number(process.env.BENCH_LONGER ?? 1);
  const cpu = [];
  const wall = [];
  for (let batch = 0; batch < batches * longer; batch++) {
    const started = performance.now();
    const start = spent();
    await run(count);
    cpu.push((spent() - start) / count);
    wall.push(((performance.now() - started) * 1e6) / count);
  }
  return { ns: median(cpu), least: Math.min(...cpu), wall: median(wall) };
}

/** Bytes of garbage a call makes, the median of several batches. Run it with `allocationFlags`. */
export async function bytesPerCall(run) {
  const calls = 2_000;
  await run(20_000);
  const batches = [];
  for (let batch = 0; batch < 9; batch++) {
    globalThis.gc();
    const before = used();
    await run(calls);
    batches.push((used() - before) / calls);
  }
  return { bytes: median(batches) };
}

/** A young generation so large that nothing is collected within a batch. */
export const allocationFlags = ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"];

function used() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
