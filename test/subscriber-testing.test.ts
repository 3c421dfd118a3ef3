/** The testing kit: what passes, and exactly what is printed when something does not. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { levelFilter, trace } from "dtracing";
import * as $dt from "dtracing/internal";
import type { Expecting } from "dtracing/testing";
import { capture, expectTrace } from "dtracing/testing";
import { said, sites } from "./helpers/record.ts";

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

test("everything that happens to a span is a record, with the spans around it from root to leaf", () => {
  using captured = capture();
  const root = trace.infoSpan!("root", { a: 1 });
  root.inScope(() => {
    using _middle = trace.debugSpan!("middle").entered();
    using leaf = trace.traceSpan!("leaf", { rows: 0 }).entered();
    leaf.record("rows", 3).followsFrom(root);
    trace.warn!("deep");
  });
  root.close();
  const told = captured.records.map(({ kind, name, message, spans }) =>
    [kind, message ?? name, ...spans.map((span) => span.name)].join(" "),
  );
  assert.equal(told, [
    "new root",
    "enter root",
    "new middle root",
    "enter middle root",
    "new leaf root middle",
    "enter leaf root middle",
    "record leaf root middle",
    "follows leaf root middle",
    "event deep root middle leaf",
    "exit leaf root middle",
    "close leaf root middle",
    "exit middle root",
    "close middle root",
    "exit root",
    "close root",
  ]);
  assert.equal(captured.records[6]!.fields, { rows: 3 });
  assert.equal(captured.records[10]!.fields, { rows: 3 });
  assert.equal([captured.records[0]!.level, captured.records[4]!.level], ["info", "trace"]);
  assert.equal(captured.lines, ["WARN root: middle: leaf: deep"]);
});

test("after its scope nothing is collected, and no callsite is open for it", () => {
  const $sites = sites([["event", 3, 1, 1, "", "x"]]);
  const emit = (): void => void $dt.event($sites, 0)?.();
  const cells = $dt.cells($sites);
  const outer = capture();
  const inner = capture();
  emit();
  inner.end();
  emit();
  assert.equal([inner.lines.length, outer.lines.length], [1, 1], "somebody else still listens");
  outer[Symbol.dispose]();
  assert.is(cells[0], 0, "at once, and not when the garbage collector comes");
  emit();
  assert.equal([inner.lines.length, outer.lines.length], [1, 1]);
});

test("with a filter it collects what that lets through", () => {
  using captured = capture({ filter: levelFilter("info") });
  trace.debug!("a");
  trace.info!("b");
  assert.equal(captured.lines, ["INFO b"]);
});

test("run collects what its function does, also when it is async or throws, and what others do elsewhere", async () => {
  using first = capture();
  using second = capture();
  assert.is(first.run(() => (trace.info!("a"), 7)), 7); // prettier-ignore
  trace.info!("b");
  assert.is(await first.run(async () => (await Promise.resolve(), trace.info!("c"), 8)), 8);
  trace.info!("d");
  assert.throws(() => first.run(() => { throw new Error("own"); }), "own"); // prettier-ignore
  trace.info!("e");
  assert.equal([first.lines, second.lines], [["INFO a", "INFO c"], ["INFO b", "INFO d", "INFO e"]]); // prettier-ignore
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

/** Something with all there is to expect of. */
function query(): void {
  using span = trace.infoSpan!("query", { table: "users", n: 1 }).entered();
  const cause = trace.infoSpan!("cause");
  span.record("n", 2).followsFrom(cause);
  cause.close();
  trace.with({ target: "db" }).warn!({ rows: 3, list: [1, { a: 2n }], text: "abc", none: null }, "found {rows} rows");
}

const fits: readonly ((expecting: Expecting) => Expecting)[] = [
  (e) => e.newSpan("query").enter("query").record("query", { n: 2 }).followsFrom("query").event().exit("query").close("query"),
  (e) => e.newSpan(/^q/, { fields: { table: "users" }, level: "info", spans: [] }),
  (e) => e.event({ level: "WARN", target: "db", message: "found 3 rows" }),
  (e) => e.event({ target: /^d/, message: /3/, fields: { rows: 3, list: [1, { a: 2n }], text: /^a/, none: null } }),
  (e) => e.event({ fields: { rows: (rows: unknown) => rows === 3 }, spans: ["query"] }),
  (e) => e.event({ fields: { rows: 3, list: /1/, text: "abc", none: null }, onlyFields: true }),
]; // prettier-ignore

const misfits: readonly ((expecting: Expecting) => Expecting)[] = [
  (e) => e.newSpan("other"),
  (e) => e.newSpan(/^Q/),
  (e) => e.newSpan("query", { fields: { table: "orders" } }),
  (e) => e.newSpan("query", { spans: ["around"] }),
  (e) => e.enter("cause"),
  (e) => e.exit("cause"),
  (e) => e.close("other"),
  (e) => e.record("query", { n: 1 }),
  (e) => e.record("cause"),
  (e) => e.followsFrom("cause"),
  (e) => e.event({ level: "info" }),
  (e) => e.event({ target: "d" }),
  (e) => e.event({ target: /^x/ }),
  (e) => e.event({ message: "found" }),
  (e) => e.event({ message: /^x/ }),
  (e) => e.event({ fields: { rows: 4 } }),
  (e) => e.event({ fields: { rows: "3" } }),
  (e) => e.event({ fields: { text: /^b/ } }),
  (e) => e.event({ fields: { rows: () => false } }),
  (e) => e.event({ fields: { list: [1, { a: 3n }] } }),
  (e) => e.event({ fields: { absent: undefined } }),
  (e) => e.event({ fields: { rows: 3 }, onlyFields: true }),
  (e) => e.event({ spans: [] }),
  (e) => e.event({ spans: ["query", "query"] }),
  // in order: what came before does not count again
  (e) => e.close("query").newSpan("query"),
  (e) => e.event().event(),
];

test("whatever is expected of a record decides", () => {
  for (const expecting of fits) expecting(expectTrace()).run(query);
  for (const expecting of misfits) {
    assert.throws(
      () => expecting(expectTrace()).run(query),
      (error: Error) => /^dtracing: expectation [12] was not met\n/.test(error.message),
      String(expecting),
    );
  }
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

test("what the code throws comes through, and nobody listens any more", async () => {
  const $sites = sites([["event", 3, 1, 1, "", "x"]]);
  const cells = $dt.cells($sites);
  assert.throws(() => expectTrace().event().run(() => { throw new Error("own"); }), "own"); // prettier-ignore
  assert.is(cells[0], 0);
  const rejected = await expectTrace().run(async () => { throw new Error("own"); }).catch((error: Error) => error.message); // prettier-ignore
  assert.is(rejected, "own");
  assert.is(cells[0], 0);
  expectTrace().run(() => {});
  assert.is(await expectTrace().run(async () => 7), 7);
  assert.is(cells[0], 0);
});

test.run();
