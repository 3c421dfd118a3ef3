// How much longer `ours` takes than `reference`: both run in turns, and the least of many short batches counts, which
// neither a busy machine nor a pause of the garbage collector makes smaller. `node ratio-child.mjs <module>`
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { ours, reference, prepare } = await import(pathToFileURL(process.argv[2]).href);
const batches = 120;
const milliseconds = 1;

await prepare?.();
const counts = [await calibrate(ours), await calibrate(reference)];
const least = [Infinity, Infinity];
for (let batch = 0; batch < batches; batch++) {
  for (const [which, run] of [ours, reference].entries()) {
    least[which] = Math.min(least[which], (await time(run, counts[which])) / counts[which]);
  }
}
writeSync(1, JSON.stringify({ ours: least[0], reference: least[1] }));
process.exit(0);

/** Warms up; answers how many calls make a batch. */
async function calibrate(run) {
  let count = 64;
  for (let warm = 0; warm < 40;) {
    const taken = await time(run, count);
    if (taken < milliseconds) count *= 2;
    else warm++;
  }
  return count;
}

async function time(run, count) {
  const start = performance.now();
  await run(count);
  return performance.now() - start;
}
