/** What the registry keeps of spans, and what it is told of the entries into them, on the paths that were made short. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry, reloadLayer, type Layer, type Span } from "dtracing";
import * as $dt from "dtracing/internal";
import { alone, layer, said, sites } from "./helpers/record.ts";

const $sites = sites([
  ["span", 3, 1, 1, "n", "a"],
  ["span", 3, 2, 1, "...", "open"],
]);
const spanA = (n?: unknown): Span => $dt.span($sites, 0)?.(n) ?? $dt.none;

test("a span that is open while thousands come and go keeps its values, and closes once", () => {
  const closed: unknown[] = [];
  const keeper: Layer = {
    onNewSpan() {},
    onClose: (id, context) => void closed.push(context.span(id)?.values.get("n")),
  };
  const lines = said(() =>
    alone(registry().with(keeper), () => {
      const old: Span[] = [];
      for (let n = 0; n < 20_000; n++) {
        const span = spanA(n);
        if (n % 500 === 0) old.push(span);
        else span.close();
      }
      assert.is(closed.length, 19_960);
      closed.length = 0;
      for (const span of old) span.record("n", -span.id!);
      for (const span of old) span.close();
      for (const span of old) assert.ok(span.equals(span));
      assert.equal(
        closed,
        old.map(({ id }) => -id!),
      );
    }),
  );
  assert.equal(lines, []);
});

test("an open set of fields is what it was when the span was made", () => {
  const seen: unknown[] = [];
  const reader: Layer = { onNewSpan() {}, onClose: (id, context) => void seen.push([...context.span(id)!.values]) };
  alone(registry().with(reader), () => {
    const set = { path: "/", late: undefined as unknown };
    const span = $dt.span($sites, 1)?.(set) ?? $dt.none;
    set.path = "/changed";
    set.late = 1;
    span.close();
  });
  assert.equal(seen, [[["path", "/"]]]);
});

test("an instrumented function tells nobody of its entries, or of both ends of each", async () => {
  const log: string[] = [];
  const silent: Layer = { onNewSpan: () => void log.push("new"), onClose: () => void log.push("close") };
  const [slot, handle] = reloadLayer(silent);
  await alone(registry().with(slot), async () => {
    const a = $dt.begin(spanA());
    await $dt.suspend(a);
    $dt.resume(a);
    // it was entered before anybody listened
    handle.reload(layer(log));
    await $dt.suspend(a);
    $dt.resume(a);
    handle.reload(silent);
    log.push("silent again");
    await $dt.suspend(a);
    $dt.resume(a);
    $dt.end(a);
  });
  assert.equal(log, ["new", "enter a", "silent again", "close"]);
});

test("a guard keeps its span open although nobody listens to entries", () => {
  const log: string[] = [];
  const silent: Layer = { onNewSpan() {}, onClose: () => void log.push("close") };
  alone(registry().with(silent), () => {
    const span = spanA();
    const guard = span.enter();
    span.close();
    assert.equal(log, []);
    guard.exit();
  });
  assert.equal(log, ["close"]);
});

test("a function that was started inside a span since exited leaves the spans around that one alone", async () => {
  const log: string[] = [];
  await alone(registry().with(layer(log)), async () => {
    const around = spanA().enter();
    const guard = spanA().enter();
    const late = new Promise((resolve) => setTimeout(resolve, 2)).then(async () => {
      log.length = 0;
      const inner = $dt.begin($dt.span($sites, 1)?.({}));
      await $dt.suspend(inner);
      $dt.resume(inner);
      $dt.end(inner);
    });
    guard.exit();
    await late;
    around.exit();
  });
  const pairs = ["new open", "enter open", "exit open", "enter open", "exit open", "close open", "exit a"];
  assert.equal(log, pairs);
});

test.run();
