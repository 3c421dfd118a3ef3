/** Threads share the cells: what one of them wants or stops wanting is nothing to the others. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildProgram, run } from "./helpers/usdt-program.ts";

const source = `
import { json, registry, trace } from "dtracing";
import { Worker, parentPort, workerData, isMainThread } from "node:worker_threads";
const lines: string[] = [];
const subscribe = () => void registry().with(json({ writer: (line) => void lines.push(line) })).init();
const fire = () => { lines.length = 0; trace.info!("hello"); return lines.length; };
on("subscribe", subscribe);
on("fire", fire);
const workers: Worker[] = [];
const ask = (worker: Worker, what: string) => new Promise((resolve) => { worker.once("message", resolve); worker.postMessage(what); });
on("start", async (...wanted: boolean[]) => {
  for (const subscriber of wanted) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { subscriber } });
    await new Promise((resolve) => worker.once("message", resolve));
    workers.push(worker);
  }
});
on("fireIn", (at: number) => ask(workers[at]!, "fire"));
on("end", (at: number) => new Promise<void>((resolve) => { workers[at]!.once("exit", () => resolve()); workers[at]!.postMessage("end"); }));
if (!isMainThread) {
  if (workerData.subscriber) subscribe();
  parentPort!.on("message", (what: string) => what === "end" ? process.exit() : parentPort!.postMessage(fire()));
  parentPort!.postMessage("ready");
}
`;
const built = await buildProgram(source);
test.after(built.close);

test("a worker without a subscriber does not silence the main thread, nor the other way round", async () => {
  const program = await run(built.file);
  try {
    await program.call("subscribe");
    await program.call("start", false, true, false);
    assert.is(await program.call("fire"), 1);
    assert.is(await program.call("fireIn", 0), 0);
    assert.is(await program.call("fireIn", 1), 1);
    await program.call("end", 0);
    assert.is(await program.call("fire"), 1);
    assert.is(await program.call("fireIn", 1), 1);
    assert.is(await program.call("fireIn", 2), 0);
    // the number of the first thread, and a bit of the third
    assert.equal(await program.cells(), [[0, 2 | (2 << 2)]]);
    await program.call("end", 1);
    assert.equal(await program.cells(), [[0, 2]]);
  } finally {
    await program.stop();
  }
});

test("more threads than there are bits: nobody misses anything", async () => {
  const program = await run(built.file);
  try {
    const wanted = Array.from({ length: 16 }, (_, at) => at % 2 === 0 || at > 12);
    await program.call("start", ...wanted);
    for (const [at, subscriber] of wanted.entries())
      assert.is(await program.call("fireIn", at), subscriber ? 1 : 0, `${at}`);
    for (const at of wanted.keys()) await program.call("end", at);
    assert.is(await program.call("fire"), 0);
    const [[low, high]] = (await program.cells()) as [[number, number]];
    assert.equal([low, high], [0, 0x4000], "only the shared bit stays");
  } finally {
    await program.stop();
  }
});

test.run();
