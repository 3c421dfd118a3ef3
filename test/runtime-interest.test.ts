/** Who is asked, when, and what reaches whom. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LayerLike, Metadata } from "dtracing";
import { Interest, levelFilter, rebuildInterest, registry, Span, targets, withFilter } from "dtracing";
import * as $dt from "dtracing/internal";
import { alone, layer, recorder, said, sites } from "./helpers/record.ts";

const interests = (on: Int32Array): number[] => Array.from(on, (cell) => cell >>> 16);

test("without a subscriber every cell is zero, whatever the level", () => {
  const on = $dt.cells(sites([["event", 1, 1, 1, "", "x"]]));
  assert.equal(interests(on), [0]);
});

test("a filter is asked once per callsite, and again after a rebuild", () => {
  const asked: string[] = [];
  const filter = {
    registerCallsite: ({ name, target }: Metadata) => (target === "once" && asked.push(name), Interest.ALWAYS),
    enabled: () => assert.unreachable("an interest of ALWAYS is not asked again") as never,
  };
  const log: string[] = [];
  alone(registry().with(withFilter(layer(log), filter)), () => {
    const $sites = sites(
      [
        ["event", 3, 1, 1, "", "one", "a"],
        ["event", 3, 2, 1, "", "two", "b"],
      ],
      "once",
    );
    $dt.cells($sites);
    assert.equal(asked, []);
    for (let i = 0; i < 3; i++) $dt.event($sites, 0)?.();
    assert.equal(asked, ["a", "b"]);
    assert.equal(log, ["one", "one", "one"]);
    rebuildInterest();
    assert.equal(asked, ["a", "b", "a", "b"]);
  });
});

test("an interest of SOMETIMES asks enabled each time", () => {
  let wanted = true;
  let asked = 0;
  const subscriber = recorder({
    registerCallsite: () => Interest.SOMETIMES,
    enabled: () => (asked++, wanted),
  });
  alone(subscriber, () => {
    const $sites = sites([["event", 3, 1, 1, "", "x"]]);
    assert.equal(interests($dt.cells($sites)), [1]);
    $dt.event($sites, 0)?.();
    wanted = false;
    assert.is($dt.event($sites, 0), undefined);
    assert.is(asked, 2);
    assert.equal(subscriber.log, ["event x"]);
  });
});

test("two live subscribers combine, and disagreement is SOMETIMES", () => {
  const row = (level: 1 | 3 | 5) => ["event", level, 1, 1, "", "x"] as const;
  const $sites = sites([row(1), row(3), row(5)]);
  const on = $dt.cells($sites);
  const a = recorder({ maxLevelHint: () => 3, enabled: ({ level }) => level <= 1 });
  const b = recorder({ maxLevelHint: () => 3, enabled: ({ level }) => level <= 3 });
  alone(a, () => {
    assert.equal(interests(on), [2, 0, 0]);
    alone(b, () => {
      assert.equal(interests(on), [2, 1, 0]);
      $dt.event($sites, 1)?.();
    });
    $dt.event($sites, 1)?.();
  });
  assert.equal([a.log, b.log], [[], ["event x"]]);
  assert.equal(interests(on), [0, 0, 0]);
});

test("a callsite above the max level never reaches registerCallsite or enabled", () => {
  const asked: number[] = [];
  alone(
    recorder({
      maxLevelHint: () => 2,
      enabled: ({ level, target }) => (target === "above" && asked.push(level), true),
    }),
    () => {
      const $sites = sites(
        [1, 2, 3, 4, 5].map((level) => ["event", level, level, 1, "", "x"] as never),
        "above",
      );
      assert.equal(interests($dt.cells($sites)), [1, 1, 0, 0, 0]);
      for (let i = 0; i < 5; i++) $dt.event($sites, i)?.();
      assert.equal(interests($dt.cells($sites)), [2, 2, 0, 0, 0]);
      assert.equal(asked, [1, 2]);
    },
  );
});

test("the max level is the greatest hint, and a subscriber without one wants TRACE", () => {
  const $sites = sites([["event", 5, 1, 1, "", "x"]]);
  $dt.cells($sites);
  alone(recorder(), () => assert.equal(interests($dt.cells($sites)), [2]));
  alone(registry().with(levelFilter("info")).with(layer([])), () => assert.equal(interests($dt.cells($sites)), [0]));
});

test("the max level is that of the most verbose of two subscribers", () => {
  const on = $dt.cells(sites([2, 4, 5].map((level) => ["event", level, level, 1, "", "x"] as never)));
  alone(recorder({ maxLevelHint: () => 4 }), () =>
    alone(recorder({ maxLevelHint: () => 2 }), () => assert.equal(interests(on), [2, 2, 0])),
  );
});

test("a registry's hint: a filter for everybody caps it, filters of single layers give their maximum", () => {
  const hint = (...layers: LayerLike[]): number | undefined => registry().with(layers).maxLevelHint?.();
  const filtered = (level: "off" | "warn" | "debug"): LayerLike => withFilter(layer([]), levelFilter(level));
  assert.is(registry().maxLevelHint?.(), 5);
  assert.is(hint(), 0);
  assert.is(hint(layer([])), 5);
  assert.is(hint(layer([]), levelFilter("info")), 3);
  assert.is(hint(levelFilter("debug"), layer([]), levelFilter("info")), 3);
  assert.is(hint(filtered("warn"), filtered("debug")), 4);
  assert.is(hint(filtered("warn"), layer([])), 5);
  assert.is(hint(filtered("off")), 0);
  assert.is(hint(filtered("debug"), levelFilter("warn")), 2);
  assert.is(hint(withFilter([filtered("debug"), layer([])], levelFilter("warn"))), 2);
  assert.is(hint(layer([], "", { maxLevelHint: () => 3 }), filtered("warn")), 3);
  assert.is(hint(withFilter(layer([]), { enabled: () => true }), filtered("warn")), 5);
});

test("a decision that changes is taken anew each time", () => {
  const a: string[] = [];
  const b: string[] = [];
  let first = true;
  const when = (which: boolean) => ({ enabled: () => first === which });
  alone(registry().with([withFilter(layer(a), when(true)), withFilter(layer(b), when(false))]), () => {
    const $sites = sites([["event", 3, 1, 1, "n", "x"]]);
    for (const n of [1, 2, 3]) {
      first = n !== 2;
      $dt.event($sites, 0)?.(n);
    }
  });
  assert.equal([a, b], [["x n=1", "x n=3"], ["x n=2"]]);
});

test("an event inside the argument of another does not leak the outer one to a layer that filtered it out", () => {
  const a: string[] = [];
  const b: string[] = [];
  alone(
    registry()
      .with(withFilter(layer(a), targets("outer=info")))
      .with(withFilter(layer(b), targets("inner=info"))),
    () => {
      const $sites = sites([
        ["event", 3, 1, 1, "x", "outer", undefined, "outer"],
        ["event", 3, 2, 1, "", "inner", undefined, "inner"],
      ]);
      const nested = () => ($dt.event($sites, 1)?.(), 1);
      $dt.event($sites, 0)?.(nested());
      assert.is($dt.enabled($sites, 1), true);
      $dt.event($sites, 0)?.(2);
    },
  );
  assert.equal(a, ["outer x=1", "outer x=2"]);
  assert.equal(b, ["inner"]);
});

test("an await in an argument keeps the decision with its emission", async () => {
  const a: string[] = [];
  const b: string[] = [];
  await alone(
    registry()
      .with(withFilter(layer(a), targets("a=info")))
      .with(withFilter(layer(b), targets("b=info"))),
    async () => {
      const $sites = sites([
        ["event", 3, 1, 1, "x", "in a", undefined, "a"],
        ["event", 3, 2, 1, "x", "in b", undefined, "b"],
      ]);
      const one = (async () => $dt.event($sites, 0)?.(await Promise.resolve(1)))();
      const two = (async () => $dt.event($sites, 1)?.(await Promise.resolve(2)))();
      await Promise.all([one, two]);
    },
  );
  assert.equal([a, b], [["in a x=1"], ["in b x=2"]]);
});

test("what a subscriber emits in enabled, event or newSpan goes nowhere, and does not loop", () => {
  const $sites = sites([
    ["event", 3, 1, 1, "", "x"],
    ["span", 3, 2, 1, "", "s"],
  ]);
  const emit = (): boolean => {
    $dt.event($sites, 0)?.();
    assert.ok($dt.span($sites, 1) === undefined);
    assert.not.ok($dt.enabled($sites, 0));
    return true;
  };
  const log: string[] = [];
  alone(
    recorder({
      registerCallsite: () => (emit(), Interest.SOMETIMES),
      enabled: emit,
      eventEnabled: emit,
      event: () => (log.push("event"), void emit()),
      newSpan: () => (log.push("span"), emit(), 1),
    }),
    () => {
      $dt.event($sites, 0)?.();
      $dt.span($sites, 1)?.();
    },
  );
  assert.equal(log, ["event", "span"]);
});

test("an event from inside a layer neither loops nor reaches another layer", () => {
  const $sites = sites([
    ["event", 3, 1, 1, "", "x"],
    ["event", 3, 1, 1, "", "y", undefined, "other"],
  ]);
  const log: string[] = [];
  const emitting = { onEvent: () => (log.push("emitting"), $dt.event($sites, 1)?.()) };
  alone(
    registry()
      .with(emitting)
      .with(withFilter(layer(log), targets("other=info"))),
    () => $dt.event($sites, 0)?.(),
  );
  assert.equal(log, ["emitting"]);
});

test("a decision from before is worth nothing inside a subscriber", () => {
  const $sites = sites([
    ["event", 3, 1, 1, "", "x"],
    ["span", 3, 2, 1, "", "s"],
  ]);
  let log = 0;
  let emit: (() => void) | undefined;
  alone(recorder({ event: () => (log++, emit?.()) }), () => {
    emit = $dt.event($sites, 0);
    const make = $dt.span($sites, 1)!;
    emit!();
    assert.is(log, 1);
    emit = () => assert.ok(make().isNone());
    $dt.event($sites, 0)!();
    assert.is(log, 2);
  });
});

test("a rebuild from inside a filter ends", () => {
  alone(recorder({ registerCallsite: () => (rebuildInterest(), Interest.ALWAYS) }), () => {
    const $sites = sites([["event", 3, 1, 1, "", "x"]]);
    $dt.event($sites, 0)?.();
    assert.equal(interests($dt.cells($sites)), [2]);
  });
});

test("a module bundled twice is registered once, and a replaced one keeps working", () => {
  const row = [["event", 3, 1, 1, "", "x"]] as const;
  const one = sites(row, "app", "src/same.ts", "1");
  const twin = sites(row, "app", "src/same.ts", "1");
  const next = sites(row, "app", "src/same.ts", "2");
  assert.is($dt.cells(one), $dt.cells(twin));
  assert.is.not($dt.cells(one), $dt.cells(next));
  alone(recorder(), () => {
    assert.equal(interests($dt.cells(one)), [2]);
    assert.equal(interests($dt.cells(next)), [2]);
  });
});

test("event registers a module whose cells nobody asked for, as in an import cycle", () => {
  const subscriber = recorder();
  alone(subscriber, () => $dt.event(sites([["event", 3, 1, 1, "n", "early"]]), 0)?.(1));
  assert.is(subscriber.log.at(-1), "event early n=1");
});

test("a dynamic level takes its callsite of the run, in any spelling, and nothing above the run", () => {
  const subscriber = recorder();
  alone(subscriber, () => {
    const row = (level: number) => ["event", level, 9, 1, "n", `l${level}`] as never;
    const $sites = sites([row(1), row(2), row(3), ["event", 4, 10, 1, "", "not of the run"]]);
    for (const level of [1, "warn", "INFO", 4, 5]) $dt.dynamicEvent($sites, 0, level)?.(level);
  });
  assert.equal(
    subscriber.log.filter((line) => line.startsWith("event")),
    ["event l1 n=1", "event l2 n=warn", "event l3 n=INFO"],
  );
});

test("an unknown dynamic level is told once, with value, place and the legal ones, and ignored", () => {
  const lines = said(() => {
    const $sites = sites([["event", 1, 9, 1, "", "x"]], "app", "src/level.ts");
    for (const level of ["loud", 0, 6, 1.5, null, {}]) assert.is($dt.dynamicEvent($sites, 0, level), undefined);
  });
  assert.equal(lines, [
    'dtracing: src/level.ts:9: unknown level "loud": use error, warn, info, debug, trace or 1 to 5; the call is ignored',
  ]);
});

test("an exception in a subscriber does not reach the program and is told once", () => {
  const lines = said(() => {
    alone(
      recorder({
        event: () => {
          throw new Error("bad disk");
        },
      }),
      () => {
        const $sites = sites([["event", 3, 1, 1, "", "x"]]);
        $dt.event($sites, 0)?.();
        $dt.event($sites, 0)?.();
      },
    );
  });
  assert.equal(lines, ["dtracing: a subscriber's event threw Error: bad disk"]);
});

test("no method of a subscriber can throw into the program", () => {
  const bad = (): never => {
    throw new Error("bad");
  };
  const $sites = sites([["span", 3, 1, 1, "n", "s"]]);
  const use = (): void => {
    const span = $dt.span($sites, 0)?.(1) ?? $dt.none;
    span.enter().exit();
    span.inScope(() =>
      span
        .record("n" as never, 1)
        .followsFrom(1)
        .clone()
        .close(),
    );
    Span.current();
    span.close();
  };
  const methods = ["record", "recordFollowsFrom", "enter", "exit", "cloneSpan", "tryClose", "currentSpan", "newSpan"];
  const told = said(() => {
    alone(recorder({ enabled: bad, maxLevelHint: bad, onRegisterDispatch: bad }), use);
    alone(recorder(Object.fromEntries(methods.map((method) => [method, bad]))), use);
    alone(recorder(Object.fromEntries(methods.slice(0, -1).map((method) => [method, bad]))), use);
  });
  assert.equal(
    told.map((line) => /subscriber's (\w+) threw/.exec(line)?.[1]).toSorted(),
    [...methods, "enabled", "maxLevelHint", "onRegisterDispatch"].toSorted(),
  );
});

test.run();
