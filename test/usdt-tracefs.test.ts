/** The kernel's own files and nothing else: attach, fire, read the values, detach; the cells go 0, 1, 0. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { notesOf } from "./helpers/usdt-notes.ts";
import { buildProgram, run } from "./helpers/usdt-program.ts";
import { eventually, tracerTest } from "./helpers/usdt-tools.ts";
import { attach } from "./helpers/usdt-tracefs.ts";

const source = `
import { trace } from "dtracing";
on("fire", (port: number, path: string) => { trace.info!({ port, path, ok: port > 0 }, "listening"); });
on("warn", () => { trace.warn!("other"); });
`;

tracerTest("attach, fire, read, detach, in less than a second", ["root", "readelf"], async () => {
  const built = await buildProgram(source);
  const program = await run(built.file);
  try {
    const note = notesOf(built.probes).find(({ name }) => name === "main__listening")!;
    const before = await program.cells();
    assert.equal(before, [
      [0, 0],
      [0, 0],
    ]);
    const started = performance.now();
    const trace = attach(built.probes, note, "sdsd");
    assert.equal(await program.cells(), [
      [1, 0],
      [0, 0],
    ]);
    await program.call("fire", 8080, "/ü");
    await program.call("fire", -1, "");
    await program.call("warn");
    const hits = trace.hits();
    trace.detach();
    const seconds = (performance.now() - started) / 1000;
    assert.equal(hits, [
      ["listening", "8080", "/ü", "1"],
      ["listening", "-1", "", "0"],
    ]);
    assert.equal(await program.cells(), before);
    assert.ok(seconds < 1, `${seconds} s`);
    await program.call("fire", 1, "nobody listens");
  } finally {
    await program.stop();
    built.close();
  }
});

tracerTest(
  "the subscriber's half is untouched, and two tracers do not end each other",
  ["root", "readelf"],
  async () => {
    const subscriber = `import { json, registry } from "dtracing"; registry().with(json({ writer: () => {} })).init();`;
    const built = await buildProgram(subscriber + source);
    const program = await run(built.file);
    try {
      const note = notesOf(built.probes).find(({ name }) => name === "main__listening")!;
      const [[, interest]] = (await program.cells()) as [[number, number]];
      assert.ok(interest > 0, "the subscriber wants it");
      const first = attach(built.probes, note, "s");
      const second = attach(built.probes, note, "s");
      // the kernel counts its breakpoint, however many listen to it
      assert.equal((await program.cells())[0], [1, interest]);
      first.detach();
      assert.equal((await program.cells())[0], [1, interest]);
      await program.call("fire", 1, "");
      assert.equal(second.hits(), [["listening"]]);
      second.detach();
      assert.equal((await program.cells())[0], [0, interest]);
    } finally {
      await program.stop();
      built.close();
    }
  },
);

tracerTest(
  "event__info works with the first location's word alone, as bpftrace 0.17 attaches",
  ["root", "readelf"],
  async () => {
    const built = await buildProgram(source);
    const program = await run(built.file);
    try {
      const notes = notesOf(built.probes).filter(({ name }) => name === "event__info");
      // every location, but all of them with the first one's semaphore
      const traces = notes.map((note) => attach(built.probes, { ...note, semaphore: notes[0]!.semaphore }, "sd"));
      await eventually(
        async () => (await program.cells())[0]![1] !== 0,
        () => "the callsites were not armed",
      );
      assert.equal((await program.cells())[0]![0], 0);
      await program.call("fire", 7, "");
      await program.call("warn");
      assert.equal(
        traces.flatMap((trace) => trace.hits()),
        [["listening", "7"]],
      );
      for (const trace of traces) trace.detach();
      await eventually(
        async () => (await program.cells())[0]![1] === 0,
        () => "the callsites stayed armed",
      );
    } finally {
      await program.stop();
      built.close();
    }
  },
);

test.run();
