/** Layers and filters, each test named by what Rust does (rows of the feature list), for what other suites do not say. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Filter, Layer, LayerLike, Metadata, Reloadable } from "dtracing";
import {
  and,
  dispatch,
  dynamicFilterFn,
  envFilter,
  filterFn,
  getDefault,
  Interest,
  levelFilter,
  noDispatch,
  not,
  or,
  registry,
  reload,
  reloadLayer,
  setDefault,
  targets,
  text,
  trySetGlobalDefault,
  withDefault,
  withFilter,
} from "dtracing";
import * as $dt from "dtracing/internal";
import { alone, layer, recorder, said, sites } from "./helpers/record.ts";

const levels = ["error", "warn", "info", "debug", "trace"] as const;
const $levels = sites(levels.map((name, i) => ["event", i + 1, i + 1, 1, "n", name] as never));
const emit = (level: 1 | 2 | 3 | 4 | 5, n?: unknown): void => void $dt.event($levels, level - 1)?.(n);
const emitAll = (): void => ([1, 2, 3, 4, 5] as const).forEach((level) => emit(level));
const $span = sites([
  ["span", 3, 1, 1, "n", "s"],
  ["span", 5, 2, 1, "", "fine"],
  ["event", 3, 3, 1, "", "here"],
]);
const span = (n?: unknown) => $dt.span($span, 0)?.(n) ?? $dt.none;

/** Of a layer of which only the events are of interest. */
const quiet: Layer = { onNewSpan() {}, onEnter() {}, onExit() {}, onClose() {} };

function metadataOf(level: 1 | 2 | 3 | 4 | 5): Metadata {
  const fields = ["n"];
  return { kind: "event", name: "e", level, target: "app", file: undefined, line: undefined, column: undefined, fields, layout: fields, message: undefined }; // prettier-ignore
}

function logOf(make: (log: string[]) => LayerLike, f: () => void): string[] {
  const log: string[] = [];
  alone(registry().with(make(log)), f);
  return log;
}

test("the 12 cases of the max-level hint (row 139)", () => {
  const nop = (): Layer => ({ onEvent() {} });
  const filtered = (level: (typeof levels)[number] | "off", inner: LayerLike = nop()): LayerLike =>
    withFilter(inner, levelFilter(level));
  const hint = (...layers: LayerLike[]): number | undefined =>
    layers.reduce<ReturnType<typeof registry>>((all, one) => all.with(one), registry()).maxLevelHint?.();
  // a single filtered layer; two; one without a filter anywhere wants everything
  assert.is(hint(filtered("info")), 3, "basic");
  assert.is(hint(filtered("info"), filtered("debug")), 4, "two");
  assert.is(hint(nop(), filtered("info"), filtered("debug")), 5, "mixed with unfiltered, inside");
  assert.is(hint(filtered("info"), filtered("debug"), nop()), 5, "mixed with unfiltered, outside");
  assert.is(hint([nop(), filtered("info")], filtered("trace")), 5, "mixed with unfiltered, layered");
  // a filter for everybody caps what single layers want, wherever it stands
  assert.is(hint(levelFilter("warn"), filtered("info"), filtered("debug")), 2, "global inside");
  assert.is(hint(filtered("info"), filtered("debug"), levelFilter("warn")), 2, "global outside");
  assert.is(hint(filtered("info"), levelFilter("warn"), filtered("debug")), 2, "global interleaved");
  assert.is(hint(levelFilter("debug"), [filtered("info"), filtered("warn")]), 3, "global above all");
  assert.is(hint(nop(), levelFilter("info")), 3, "global and unfiltered");
  // filters in filters
  assert.is(hint(filtered("info", filtered("debug"))), 3, "nested");
  assert.is(hint(filtered("info", [filtered("debug"), filtered("off")])), 3, "nested tree");
});

test("null as a layer wants nothing, unless there are others (rows 130, 131)", () => {
  const hint = (...layers: LayerLike[]): number | undefined =>
    layers.reduce<ReturnType<typeof registry>>((all, one) => all.with(one), registry()).maxLevelHint?.();
  assert.equal([hint(null), hint([]), hint([null, false]), hint(null, levelFilter("debug"))], [0, 0, 0, 4]);
  assert.equal([hint(levelFilter("warn"), null), hint(null, { onEvent() {} })], [2, 5]);
  assert.equal(
    logOf(
      (log) => [null, layer(log), undefined, [[false]]],
      () => emit(3, 1),
    ),
    ["info n=1"],
  );
});

test("null as a filter lets everything through (row 140)", () => {
  assert.equal(
    logOf(
      (log) => withFilter(layer(log), null),
      () => emit(5),
    ),
    ["trace"],
  );
});

test("an array of layers consults each one's enabled, also beside one that always wants (row 131, Rust's bug)", () => {
  const a: string[] = [];
  const b: string[] = [];
  const never: Filter = { registerCallsite: () => Interest.NEVER, enabled: () => false };
  alone(registry().with([layer(a), withFilter(layer(b), never)]), () => emit(3));
  assert.equal([a, b], [["info"], []]);
});

test("and: what both let through, the less verbose hint (row 141)", () => {
  const both = and(levelFilter("debug"), targets("app=info"));
  assert.is(both.maxLevelHint?.(), 3);
  assert.equal(
    logOf((log) => withFilter(layer(log), both), emitAll),
    ["error", "warn", "info"],
  );
  assert.equal(
    logOf((log) => [layer(log), and(levelFilter("warn"), levelFilter("trace")) as Layer], emitAll),
    ["error", "warn"],
  );
});

test("or: what either lets through, the more verbose hint (row 141)", () => {
  const either = or(
    levelFilter("error"),
    filterFn(({ level }) => level === 4, 4),
  );
  assert.is(either.maxLevelHint?.(), 4);
  assert.equal(
    logOf((log) => withFilter(layer(log), either), emitAll),
    ["error", "debug"],
  );
  const values = or(envFilter("off,[{n=1}]=trace"), envFilter("off,[{n=2}]=info"));
  const made = logOf(
    (log) => withFilter(layer(log), values),
    () => [1, 2, 3].forEach((n) => (emit(3, n), emit(5, n))),
  );
  assert.equal(made, ["info n=1", "trace n=1", "info n=2"]);
});

test("not: what the filter does not let through, no hint (row 141)", () => {
  const none = not(levelFilter("info"));
  assert.is(none.maxLevelHint?.(), undefined);
  assert.equal(
    logOf((log) => withFilter(layer(log), none), emitAll),
    ["debug", "trace"],
  );
  assert.equal(
    logOf((log) => withFilter(layer(log), not(none)), emitAll),
    ["error", "warn", "info"],
  );
  const values = not(envFilter("trace,[{n=1}]=off"));
  assert.equal(
    logOf(
      (log) => withFilter(layer(log), values),
      () => (emit(3, 1), emit(3, 2)),
    ),
    ["info n=1"],
  );
});

test("filterFn is asked once for each callsite, dynamicFilterFn each time and with the span (row 142)", () => {
  let asked = 0;
  const fixed = filterFn(({ target }) => ((asked += Number(target === "counted")), true));
  const $sites = sites([["event", 3, 1, 1, "", "x"]], "counted");
  const emitted = logOf(
    (log) => withFilter(layer(log), fixed),
    () => {
      for (let i = 0; i < 3; i++) $dt.event($sites, 0)?.();
      assert.is(asked, 1);
    },
  );
  assert.is(emitted.length, 3);
  const inside = dynamicFilterFn(
    (metadata, context) => metadata.kind === "span" || context.lookupCurrent() !== undefined,
    { maxLevelHint: 3 },
  );
  assert.is(inside.maxLevelHint?.(), 3);
  const made = logOf(
    (log) => withFilter(layer(log), inside),
    () => {
      emit(3);
      span().inScope(() => (emit(3), emit(4)));
    },
  );
  assert.equal(made, ["new s", "enter s", "s:info", "exit s"]);
  const never = dynamicFilterFn(() => true, { callsite: () => Interest.NEVER });
  assert.equal(
    logOf((log) => withFilter(layer(log), never), emitAll),
    [],
  );
});

test("a filter of one layer is told of the spans it let through, before the layer is (row 137)", () => {
  const log: string[] = [];
  const filter: Filter = {
    enabled: ({ level }) => level <= 3,
    onNewSpan: () => void log.push("filter new"),
    onRecord: () => void log.push("filter record"),
    onEnter: () => void log.push("filter enter"),
    onExit: () => void log.push("filter exit"),
    onClose: () => void log.push("filter close"),
  };
  alone(registry().with([withFilter(layer(log), filter), { onNewSpan() {} }]), () => {
    $dt.span($span, 1)?.().close();
    const made = span();
    made.inScope(() => made.record("n", 1));
    made.close();
  });
  assert.equal(log, [
    "filter new", "new s", "filter enter", "enter s", "filter record", "filter exit", "exit s", "filter close", "close s",
  ]); // prettier-ignore
});

test("a layer that says no says it for everybody, a layer's own filter for that layer (rows 133, 135)", () => {
  const a: string[] = [];
  const b: string[] = [];
  alone(
    registry()
      .with(layer(a))
      .with(layer(b, "", { enabled: ({ level }) => level <= 2 })),
    emitAll,
  );
  assert.equal(
    [a, b],
    [
      ["error", "warn"],
      ["error", "warn"],
    ],
  );
  a.length = b.length = 0;
  alone(
    registry()
      .with(layer(a))
      .with(withFilter(layer(b), levelFilter("warn"))),
    emitAll,
  );
  assert.equal([a.length, b.length], [5, 2]);
});

test("eventEnabled is asked exactly once for each event, before event (row 100)", () => {
  const log: string[] = [];
  alone(
    registry().with(
      layer(log, "", { eventEnabled: (event) => (log.push(`ask ${String(event.values[0])}`), event.values[0] !== 2) }),
    ),
    () => [1, 2].forEach((n) => emit(3, n)),
  );
  assert.equal(log, ["ask 1", "info n=1", "ask 2"]);
});

test("every callback of a layer is called (row 127)", () => {
  const called = new Set<string>();
  const say = (name: string) => (): never => (called.add(name), undefined as never);
  const all: Layer = {
    onLayer: say("onLayer"), onRegisterDispatch: say("onRegisterDispatch"),
    registerCallsite: () => (called.add("registerCallsite"), Interest.SOMETIMES),
    enabled: () => (called.add("enabled"), true), maxLevelHint: say("maxLevelHint"),
    eventEnabled: () => (called.add("eventEnabled"), true),
    onNewSpan: say("onNewSpan"), onRecord: say("onRecord"), onFollowsFrom: say("onFollowsFrom"), onEvent: say("onEvent"),
    onEnter: say("onEnter"), onExit: say("onExit"), onClose: say("onClose"), get: say("get"),
  }; // prettier-ignore
  alone(registry().with(all), () => {
    const made = span();
    made.record("n", 1).followsFrom(span());
    made.inScope(() => emit(3));
    made.close();
    getDefault().subscriber.get?.("key");
  });
  assert.equal([...called].sort(), Object.keys(all).sort());
});

test("a layer asks whether an event would be wanted, and hands one of its own to the layers before it (row 134)", () => {
  const own: Metadata = { ...metadataOf(3), name: "own", layout: ["n"], fields: ["n"], message: "own" };
  const log: string[] = [];
  const answers: unknown[] = [];
  const says: Layer = {
    onNewSpan: (_, id, context) => answers.push(context.span(id)?.metadata.name, context.span(id + 1)),
    onEvent(event, context) {
      answers.push(context.enabled(own), context.enabled({ ...own, level: 5 }));
      context.event({ metadata: own, values: [event.values[0]], parent: event.parent });
      context.event({ metadata: { ...own, level: 5 }, values: [0], parent: { kind: "root" } });
    },
  };
  alone(
    registry()
      .with(levelFilter("debug"))
      .with(layer(log, "all", quiet))
      .with(withFilter(layer(log, "errors", quiet), levelFilter("error")))
      .with(says)
      .with(layer(log, "after", quiet)),
    () => span(7).inScope(() => emit(3, 1)),
  );
  assert.equal(log, ["all: s:info n=1", "all: s:own n=1", "after: s:info n=1"]);
  assert.equal(answers, ["s", undefined, true, false]);
});

test("one subscriber may stand behind several dispatchers (row 106)", () => {
  const shared = recorder();
  for (const _ of [1, 2]) alone(shared, () => emit(3, 1));
  assert.equal(shared.log.filter((line) => line.startsWith("event")), ["event info n=1", "event info n=1"]); // prettier-ignore
});

test("what a layer holds is found through the subscriber (row 105)", () => {
  class Counter {
    readonly count: number = 0;
  }
  const counter = new Counter();
  const made = registry().with([{ get: (key) => (key === Counter ? counter : undefined) }]);
  assert.is(made.get?.(Counter), counter);
  assert.is(made.get?.("other"), undefined);
});

test("extensions are each layer's own, and are gone with the span (row 124)", () => {
  const key = Symbol("mine");
  const seen: unknown[] = [];
  const made = logOf(
    () => ({
      onNewSpan: (_, id, context) => void context.span(id)!.extensions.set(key, id),
      onClose: (id, context) =>
        void seen.push(context.span(id)!.extensions.get(key) === id, context.span(id)!.extensions.get("other")),
    }),
    () => span().close(),
  );
  assert.equal([made, seen], [[], [true, undefined]]);
});

test("a scope goes from leaf to root, and skips what the layer's filter did not enable (rows 125, 135)", () => {
  const $nested = sites([
    ["span", 3, 1, 1, "", "a"],
    ["span", 5, 2, 1, "", "b"],
    ["span", 3, 3, 1, "", "c"],
    ["event", 3, 4, 1, "", "e"],
  ]);
  const scopes: string[][] = [];
  const reads: Layer = {
    onEvent: (event, context) => void scopes.push(context.eventScope(event).map(({ metadata }) => metadata.name)),
  };
  alone(registry().with([reads, withFilter({ ...reads }, levelFilter("info"))]), () => {
    const enter = (i: number, f: () => void): void => ($dt.span($nested, i)?.() ?? $dt.none).inScope(f);
    enter(0, () => enter(1, () => enter(2, () => $dt.event($nested, 3)?.())));
  });
  assert.equal(scopes, [
    ["c", "b", "a"],
    ["c", "a"],
  ]);
});

test("a reloaded filter takes effect on the next call, in both directions (row 145)", () => {
  const [filter, handle] = reload<Filter>(levelFilter("info"));
  for (const make of [
    (log: string[]) => withFilter(layer(log), filter),
    (log: string[]): LayerLike => [layer(log), filter as Layer],
  ]) {
    handle.reload(levelFilter("info"));
    const made = logOf(make, () => {
      emit(4, 1);
      handle.reload(levelFilter("debug"));
      emit(4, 2);
      handle.modify(() => levelFilter("warn"));
      emit(3, 3);
      handle.reload(envFilter("off,[{n=5}]=trace"));
      emit(5, 4);
      emit(5, 5);
      assert.is(String(handle.current), "off,[{n=5}]=trace");
      handle.reload(levelFilter("off"));
      emit(1, 6);
    });
    assert.equal(made, ["debug n=2", "trace n=5"]);
  }
});

test("a reloaded layer may become one with a filter, none, or another (rows 145, 146: Rust panics)", () => {
  const a: string[] = [];
  const b: string[] = [];
  const c: string[] = [];
  const [slot, handle] = reloadLayer(null);
  alone(registry().with(slot).with(layer(c)), () => {
    emit(3, 0);
    handle.reload(layer(a));
    emit(5, 1);
    handle.reload(withFilter(layer(b), levelFilter("info")) as Reloadable);
    emit(5, 2);
    emit(3, 3);
    handle.reload({ enabled: () => false });
    emit(3, 4);
    handle.reload(null);
    emit(3, 5);
  });
  assert.equal([a, b], [["trace n=1"], ["info n=3"]]);
  assert.equal(c, ["info n=0", "trace n=1", "trace n=2", "info n=3", "info n=5"]);
});

test("a filter around a reloaded layer stays around what it becomes", () => {
  const a: string[] = [];
  const [slot, handle] = reloadLayer(layer(a));
  alone(registry().with(withFilter(slot, levelFilter("info"))), () => {
    emitAll();
    handle.reload(withFilter(layer(a), levelFilter("error")) as Reloadable);
    emitAll();
    handle.reload(layer(a));
    emitAll();
  });
  assert.equal(a, ["error", "warn", "info", "error", "error", "warn", "info"]);
});

test("a span that was made before a reload is still followed to its end", () => {
  const [slot, handle] = reloadLayer(null);
  const log: string[] = [];
  alone(registry().with([slot, { onNewSpan() {} }]), () => {
    const made = span();
    handle.reload(layer(log));
    made.inScope(() => $dt.event($span, 2)?.());
    made.close();
  });
  assert.equal(log, ["enter s", "s:here", "exit s", "close s"]);
});

test("no dispatcher is never, and a scope without one silences the outer one (rows 88, 107, 110)", () => {
  const subscriber = recorder();
  alone(subscriber, () => withDefault(noDispatch, () => emit(3)));
  assert.equal(
    subscriber.log.filter((line) => line.startsWith("event")),
    [],
  );
  assert.is(getDefault(), noDispatch);
});

test("scoped defaults nest and end with their guard (row 109)", () => {
  const [a, b] = [recorder(), recorder()];
  alone(a, () => {
    const guard = setDefault(dispatch(b));
    emit(3, 1);
    guard[Symbol.dispose]();
    emit(3, 2);
  });
  const seen = (log: readonly string[]): string[] => log.filter((line) => line.startsWith("event"));
  assert.equal([seen(a.log), seen(b.log)], [["event info n=2"], ["event info n=1"]]);
});

test("the global default is set once (row 108)", () => {
  const state = (globalThis as never)[Symbol.for("dtracing.v1")] as { global: unknown };
  try {
    assert.is(trySetGlobalDefault(dispatch(recorder())), true);
    assert.is(trySetGlobalDefault(dispatch(recorder())), false);
    assert.throws(() => registry().with(text()).init(), "a global default dispatcher has already been set");
  } finally {
    state.global = undefined;
  }
});

test("a layer is told which dispatcher it belongs to (row 93)", () => {
  let told: unknown;
  const made = registry().with({ onRegisterDispatch: (own) => void (told = own) });
  assert.is(made.dispatch(), told);
});

test("levels of Targets: what would be enabled, the default, and the most specific first (row 144)", () => {
  const filter = targets("warn,app=debug,app::db=off");
  const meta = (target: string, level: number): Metadata => ({ target, level }) as never;
  assert.ok(filter.enabled(meta("app", 4), undefined as never));
  assert.not(filter.enabled(meta("app::db", 1), undefined as never));
  assert.ok(filter.enabled(meta("other", 2), undefined as never));
  assert.not(filter.enabled(meta("other", 3), undefined as never));
  assert.is(`${filter}`, "warn,app::db=off,app=debug");
});

test("a filter that throws lets nothing through and is told once", () => {
  const throws: Filter = { enabled: () => assert.unreachable("thrown on purpose") as never };
  const lines = said(() =>
    assert.equal(
      logOf((log) => withFilter(layer(log), throws), emitAll),
      [],
    ),
  );
  assert.is(lines.length, 1);
});

test("filters that say the same as last time answer with the same list, and those that do not with another", () => {
  const decisions: unknown[] = [];
  let wants = true;
  const layers = [
    withFilter({ onEvent: (event) => void decisions.push(event.decision) }, { enabled: () => true }),
    withFilter({ onEvent() {} }, { enabled: () => wants }),
  ];
  alone(registry().with(layers), () => {
    emit(1);
    emit(1);
    wants = false;
    emit(1);
    emit(1);
  });
  assert.equal(
    [decisions[1], decisions[3]],
    [
      [true, true],
      [true, false],
    ],
  );
  assert.is(decisions[0], decisions[1]);
  assert.is(decisions[2], decisions[3]);
});

test.run();
