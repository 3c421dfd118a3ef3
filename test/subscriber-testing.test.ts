/** The testing kit: what passes, and exactly what is printed when something does not. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { trace } from "dtracing";
import { capture, expectTrace } from "dtracing/testing";
import { said } from "./helpers/record.ts";

async function handle(id: number): Promise<void> {
  await trace.infoSpan!("request", { id }).inScope(async () => {
    trace.debug!("begin");
    await Promise.resolve();
    trace.info!({ rows: 3, error: new TypeError("t") }, "done");
  });
}

// not built with the plugin, which is told once
said(() => {
  using captured = capture();
  trace.info!("x");
  void captured;
});

test("capture collects events with their fields and spans", async () => {
  using captured = capture();
  await captured.run(() => handle(7));
  assert.equal(captured.lines, ["DEBUG request: begin", "INFO request: done"]);
  const [, done] = captured.events;
  assert.equal([done!.level, done!.fields.rows, done!.spans[0]!.fields], ["info", 3, { id: 7 }]);
  assert.instance(done!.fields.error, TypeError);
  assert.equal(
    captured.records.slice(0, 3).map(({ kind }) => kind),
    ["new", "enter", "event"],
  );
  captured.clear();
  assert.equal(captured.records.length, 0);
});

test("after its scope nothing is collected, and nobody listens", () => {
  const captured = capture();
  trace.info!("inside");
  captured[Symbol.dispose]();
  trace.info!("outside");
  assert.equal(captured.lines, ["INFO inside"]);
  assert.not(trace.enabled!("error"));
});

test("two captures do not see each other's events", async () => {
  using outer = capture();
  await Promise.all(
    [1, 2].map(async (id) => {
      const own = capture();
      await own.run(() => handle(id));
      assert.equal(own.events.at(-1)!.spans[0]!.fields, { id });
      assert.is(own.events.length, 2);
      own[Symbol.dispose]();
    }),
  );
  assert.equal(outer.lines.length, 0);
});

test("expectations that are met, in order, with other things in between", async () => {
  await expectTrace()
    .newSpan("request", { fields: { id: 7 } })
    .event({
      level: "info",
      message: /^do/,
      fields: { rows: (rows: unknown) => Number(rows) > 2, error: /TypeError/ },
      spans: ["request"],
    })
    .run(() => handle(7));
});

test("only: nothing else may happen", () => {
  expectTrace().event({ message: "a" }).event({ message: "b", onlyFields: true }).only().run(() => (trace.info!("a"), trace.info!("b"))); // prettier-ignore
  assert.throws(
    () => expectTrace().event({ message: "a" }).only().run(() => (trace.info!("a"), trace.info!("b"))), // prettier-ignore
    (error: Error) => error.message.startsWith("dtracing: 1 more than expected"),
  );
  assert.throws(
    () => expectTrace().event({ fields: { n: 1 }, onlyFields: true }).run(() => trace.info!({ n: 1, m: 2 }, "x")), // prettier-ignore
    (error: Error) => error.message.startsWith("dtracing: expectation 1 was not met"),
  );
});

test("what does not fit is printed beside what came", async () => {
  let message = "";
  try {
    await expectTrace()
      .newSpan("request")
      .event({ level: "INFO", message: "done", fields: { rows: 4, path: /^\// }, spans: ["request"] })
      .close("request")
      .run(() => handle(7));
  } catch (error) {
    message = (error as Error).message;
  }
  const [head, rest] = [message.slice(0, message.indexOf("came:")), message.slice(message.indexOf("came:"))];
  assert.is(
    head,
    `dtracing: expectation 2 was not met
expected:
  ok new request
  -> event info "done" {rows: 4, path: /^\\//} in request
     close request
`,
  );
  const target = /\((.*subscriber-testing\.test)\)/.exec(rest)?.[1];
  assert.match(
    rest,
    `came:\n  ok new request {"id":7} (${target})\n     enter request {"id":7} (${target})\n     event debug "begin" in request (${target})\n`,
  );
  assert.match(rest, `     event info "done" {"rows":3,"error":{}} in request (${target})`);
  assert.throws(() => expectTrace().event().run(() => {}), (error: Error) => error.message.endsWith("came: nothing")); // prettier-ignore
});

test("what the code throws comes through", async () => {
  assert.throws(() => expectTrace().event().run(() => { throw new Error("own"); }), "own"); // prettier-ignore
  const rejected = await expectTrace().run(async () => { throw new Error("own"); }).catch((error: Error) => error.message); // prettier-ignore
  assert.is(rejected, "own");
});

test.run();
