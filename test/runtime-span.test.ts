/** The life of a span: handles, entries, context, parents. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  dispatch,
  Empty,
  getDefault,
  noDispatch,
  registry,
  setDefault,
  Span,
  targets,
  withDefault,
  withFilter,
} from "dtracing";
import * as $dt from "dtracing/internal";
import { alone, layer, recorder, said, sites } from "./helpers/record.ts";

const $sites = sites([
  ["span", 3, 1, 1, "n", "a"],
  ["span", 3, 2, 1, "n", "b"],
  ["event", 3, 3, 1, "n", "event"],
  ["span", 3, 4, 1, "^", "below"],
  ["event", 3, 5, 1, "^", "event"],
  ["span", 3, 6, 1, "", "c"],
]);
const spanA = (n?: unknown): Span => $dt.span($sites, 0)?.(n) ?? $dt.none;
const spanB = (n?: unknown): Span => $dt.span($sites, 1)?.(n) ?? $dt.none;
const below = (parent: unknown): Span => $dt.span($sites, 3)?.(parent) ?? $dt.none;
const event = (n?: unknown): void => void $dt.event($sites, 2)?.(n);
const eventBelow = (parent: unknown): void => void $dt.event($sites, 4)?.(parent);

/** The log of one layer during `f`. */
function logOf<R>(f: (log: string[]) => R): R {
  const log: string[] = [];
  return alone(registry().with(layer(log)), () => f(log));
}

test("none is one frozen object, and everything on it does nothing", () => {
  const none = spanA();
  assert.is(none, $dt.none);
  assert.ok(Object.isFrozen(none));
  assert.is(none.id, undefined);
  assert.ok(none.isNone() && none.isDisabled());
  assert.is(none.record("n", 1).recordAll({ n: 2 }).followsFrom(3), none);
  assert.is(none.clone(), none);
  assert.is(
    none.inScope(() => 5),
    5,
  );
  const entered = none.entered();
  assert.is(entered.exit(), none);
  entered[Symbol.dispose]();
  none.enter()[Symbol.dispose]();
  none.close();
  none[Symbol.dispose]();
  assert.is(
    none.withSubscriber(() => 1),
    undefined,
  );
});

test("a subscriber is told of every step, once", () => {
  const subscriber = recorder();
  alone(subscriber, () => {
    const span = spanA(1);
    const guard = span.enter();
    guard[Symbol.dispose]();
    guard.exit();
    span.inScope(() => event(7));
    span.record("n", 2);
    span.followsFrom(41);
    const clone = span.clone();
    assert.ok(clone.equals(span));
    clone.close();
    span.close();
    span.close();
  });
  assert.equal(
    subscriber.log.filter((line) => !line.startsWith("enabled")),
    [
      "new a",
      "enter 1",
      "exit 1",
      "enter 1",
      "event event n=7",
      "exit 1",
      "record 1 n,2",
      "follows 1 41",
      "clone 1",
      "close 1",
      "close 1",
    ],
  );
});

test("entered exits and closes; its exit gives the span back open", () =>
  logOf((log) => {
    const entered = spanA(1).entered();
    event();
    entered.record("n", 2);
    const span = entered.exit();
    event();
    assert.equal(log, ["new a", "enter a", "a:event", "exit a", "event"]);
    span.close();
    entered[Symbol.dispose]();
    assert.is(log.at(-1), "close a");
    const second = spanB().entered();
    second[Symbol.dispose]();
    assert.equal(log.slice(6), ["new b", "enter b", "exit b", "close b"]);
  }));

test("a child keeps its parent open, and they close child, parent, grandparent", () =>
  logOf((log) => {
    const a = spanA();
    const b = a.inScope(() => spanB());
    const c = b.inScope(() => below(undefined));
    log.length = 0;
    a.close();
    b.close();
    assert.equal(log, []);
    c.close();
    assert.equal(log, ["close below", "close b", "close a"]);
  }));

test("an entered span stays open until it is exited", () =>
  logOf((log) => {
    const a = spanA();
    const guard = a.enter();
    a.close();
    event();
    guard.exit();
    assert.equal(log, ["new a", "enter a", "a:event", "exit a", "close a"]);
  }));

test("a closed span is still readable in onClose, with its parents", () => {
  const scopes: string[] = [];
  const reads = layer([], "", {
    onClose: (id, context) =>
      void scopes.push(
        context
          .spanScope(id)
          .map(({ metadata }) => metadata.name)
          .join("<"),
      ),
  });
  alone(registry().with(reads), () => {
    const a = spanA();
    const b = a.inScope(() => spanB());
    a.close();
    b.close();
  });
  assert.equal(scopes, ["b<a", "a"]);
});

test("a parent closes in its own registry, whatever the current dispatcher is", () => {
  const one: string[] = [];
  const two: string[] = [];
  alone(registry().with(layer(one)), () => {
    const a = spanA();
    const b = a.inScope(() => spanB());
    a.close();
    alone(registry().with(layer(two)), () => {
      const foreign = spanA();
      b.close();
      assert.equal(two, ["new a"]);
      foreign.close();
    });
  });
  assert.equal(one.slice(-2), ["close b", "close a"]);
});

test("guards that end out of order leave the innermost live span current", () =>
  logOf((log) => {
    const one = spanA().enter();
    const two = spanB().enter();
    one.exit();
    event(1);
    two.exit();
    event(2);
    const again = spanA(1);
    const first = again.enter();
    const second = again.enter();
    first.exit();
    event(3);
    second.exit();
    event(4);
    assert.equal(
      log.filter((line) => line.includes("event")),
      ["a:b:event n=1", "event n=2", "a:event n=3", "event n=4"],
    );
  }));

test("parents are the current span, none, or a given one", () =>
  logOf((log) => {
    const a = spanA();
    const b = spanB();
    b.inScope(() => {
      eventBelow(undefined);
      eventBelow(null);
      eventBelow(a);
      eventBelow(a.id);
      eventBelow($dt.none);
      a.inScope(() => below(b).inScope(() => event()));
    });
    assert.equal(
      log.filter((line) => line.includes("event")),
      ["b:event", "event", "a:event", "a:event", "event", "b:below:event"],
    );
  }));

test("an unknown id is ignored and told once", () => {
  const lines = said(() =>
    logOf((log) => {
      const a = spanA();
      a.close();
      a.record("n", 1);
      a.enter().exit();
      a.clone().close();
      eventBelow(a);
      eventBelow(9e9);
      assert.equal(log, ["new a", "close a", "event", "event"]);
    }),
  );
  assert.is(lines.length, 1);
  assert.match(lines[0]!, /is closed, or belongs to another subscriber/);
});

test("record is last write wins, skips undefined and Empty, and tells an undeclared name once", () => {
  const seen: string[] = [];
  const reads = layer([], "", {
    onRecord: (id, _, context) => void seen.push(JSON.stringify([...context.span(id)!.values])),
  });
  const lines = said(() =>
    alone(registry().with(reads), () => {
      const span = spanA(Empty);
      span.record("n", 1).record("n", 2).record("n", undefined).record("n", Empty);
      for (let i = 0; i < 2; i++) span.record("m", 1);
      span.recordAll({ n: null });
    }),
  );
  assert.equal(seen, ['[["n",1]]', '[["n",2]]', '[["n",null]]']);
  assert.is(lines.length, 1);
  assert.match(lines[0]!, /:1: the span "a" has no field "m"; declare it: { "m": Empty }/);
});

test("Span.current is borrowed: closing it does nothing; orCurrent and clone", () =>
  logOf((log) => {
    assert.ok(Span.current().isNone());
    const a = spanA();
    a.inScope(() => {
      const current = Span.current();
      assert.ok(current.equals(a));
      assert.is(current.metadata?.name, "a");
      current.close();
      assert.ok(Span.none().orCurrent().equals(a));
      assert.is(a.orCurrent(), a);
      const held = current.clone();
      a.close();
      event();
      held.close();
    });
    assert.equal(log, ["new a", "enter a", "a:event", "exit a", "close a"]);
  }));

test("the current span survives awaits, and concurrent scopes do not mix", async () => {
  const log: string[] = [];
  await alone(registry().with(layer(log)), async () => {
    const work = async (name: string, span: Span): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        event(name + i);
        await helper(name);
      }
      span.close();
    };
    const helper = async (name: string): Promise<void> => {
      await Promise.resolve();
      event(name);
    };
    const a = spanA();
    const b = spanB();
    await Promise.all([a.inScope(() => work("x", a)), b.inScope(() => work("y", b))]);
    event("out");
  });
  const events = log.filter((line) => line.includes("event"));
  assert.is(events.length, 13);
  for (const line of events) assert.match(line, /^(a:event n=x\d?|b:event n=y\d?|event n=out)$/);
});

test("a context that captured a span since exited resolves to what is outside of it", async () => {
  const log: string[] = [];
  await alone(registry().with(layer(log)), async () => {
    const a = spanA();
    await a.inScope(async () => {
      const guard = spanB().enter();
      const late = new Promise((resolve) => setTimeout(resolve, 2)).then(() => event("late"));
      guard.exit();
      await late;
    });
  });
  assert.is(
    log.find((line) => line.includes("late")),
    "a:event n=late",
  );
});

test("what a synchronous scope leaves behind is outside of it", async () => {
  const log: string[] = [];
  await alone(registry().with(layer(log)), async () => {
    const a = spanA();
    let late: Promise<void> | undefined;
    a.inScope(() => {
      late = new Promise((resolve) => setTimeout(resolve, 1)).then(() => event("late"));
      return 1;
    });
    await late;
    a.close();
  });
  assert.ok(log.includes("event n=late"), log.join());
});

test("a span closed while its async scope goes on is skipped", async () => {
  const log: string[] = [];
  await alone(registry().with(layer(log)), async () => {
    const a = spanA();
    await a.inScope(async () => {
      await spanB().inScope(async () => {
        const close = (): void => void Span.current().withSubscriber((id, subscriber) => subscriber.tryClose?.(id));
        close();
        await Promise.resolve();
        // the reference that the scope holds
        close();
        event();
      });
    });
  });
  assert.is(
    log.find((line) => line.includes("event")),
    "a:event",
  );
});

test("inScope hands on results and exceptions unchanged", () =>
  logOf((log) => {
    const a = spanA();
    const lazy = { then: () => {} };
    assert.is(
      a.inScope(() => lazy),
      lazy,
    );
    assert.throws(
      () =>
        a.inScope(() => {
          throw new Error("mine");
        }),
      /mine/,
    );
    event();
    assert.is(log.at(-1), "event");
  }));

test("a scoped default overrides the outer one, none silences it, and spans keep their own", async () => {
  const one: string[] = [];
  const two: string[] = [];
  await alone(registry().with(layer(one)), async () => {
    const a = spanA();
    const inner = dispatch(registry().with(layer(two)));
    await withDefault(inner, async () => {
      assert.is(getDefault(), inner);
      a.inScope(() => event(1));
      await Promise.resolve();
      spanB().inScope(() => event(2));
      {
        const silence = setDefault(noDispatch);
        event("silent");
        assert.ok(Span.current().isNone());
        silence[Symbol.dispose]();
      }
      event(3);
    });
    event(4);
  });
  assert.equal(one, ["new a", "enter a", "exit a", "event n=4"]);
  assert.equal(two, ["event n=1", "new b", "enter b", "b:event n=2", "exit b", "event n=3"]);
});

test("a layer sees neither events nor spans that its filter did not enable, others see all", () => {
  const all: string[] = [];
  const some: string[] = [];
  const $mixed = sites([
    ["span", 3, 1, 1, "", "quiet", undefined, "quiet"],
    ["span", 3, 2, 1, "", "loud", undefined, "loud"],
    ["event", 3, 3, 1, "", "x", undefined, "loud"],
    ["event", 3, 3, 1, "", "y", undefined, "quiet"],
  ]);
  alone(
    registry()
      .with(layer(all))
      .with(withFilter(layer(some), targets("loud=info"))),
    () => {
      const outer = $dt.span($mixed, 0)!();
      outer.inScope(() => {
        $dt.span($mixed, 1)!().inScope(() => {
          $dt.event($mixed, 2)?.();
          $dt.event($mixed, 3)?.();
        });
      });
      outer.close();
    },
  );
  assert.equal(all.slice(4, 6), ["quiet:loud:x", "quiet:loud:y"]);
  assert.equal(some, ["new loud", "enter loud", "loud:x", "exit loud"]);
});

test("layers are asked last to first with a short circuit, and told first to last", () => {
  const log: string[] = [];
  const ask = (name: string, answer: boolean) =>
    layer(log, name, {
      enabled: () => (log.push(`${name}?`), answer),
      registerCallsite: () => 1,
      eventEnabled: () => (log.push(`${name}!`), name !== "no"),
    });
  alone(registry().with(ask("one", true)).with(ask("two", true)), () => event());
  assert.equal(log, ["two?", "one?", "two!", "one!", "one: event", "two: event"]);
  log.length = 0;
  alone(registry().with(ask("one", true)).with(ask("two", false)), () => event());
  assert.equal(log, ["two?"]);
  log.length = 0;
  alone(registry().with(ask("one", true)).with(ask("no", true)), () => event());
  assert.equal(log, ["no?", "one?", "no!"]);
});

test("eventEnabled of a filter decides by value, for its layer alone", () => {
  const all: string[] = [];
  const even: string[] = [];
  const filter = {
    enabled: () => true,
    eventEnabled: ({ values }: { values: readonly unknown[] }) => Number(values[0]) % 2 === 0,
  };
  alone(registry().with([layer(all), null, withFilter(layer(even), filter)]), () => [1, 2, 3].forEach(event));
  assert.equal(all, ["event n=1", "event n=2", "event n=3"]);
  assert.equal(even, ["event n=2"]);
});

test("more than 64 filtered layers", () => {
  const logs = Array.from({ length: 70 }, (): string[] => []);
  const layers = logs.map((log, i) => withFilter(layer(log), targets({ targets: { [`t${i}`]: "info" } })));
  const $many = sites(logs.map((_, i) => ["event", 3, i, 1, "", `e${i}`, undefined, `t${i}`] as const));
  alone(registry().with(layers), () => logs.forEach((_, i) => $dt.event($many, i)?.()));
  assert.equal(
    logs,
    logs.map((_, i) => [`e${i}`]),
  );
});

test("a layer that throws does not keep the event from the others", () => {
  const log: string[] = [];
  const bad = layer([], "", {
    onEvent: () => {
      throw new Error("bad");
    },
  });
  const lines = said(() => alone(registry().with(bad).with(layer(log)), () => event()));
  assert.equal(log, ["event"]);
  assert.match(lines[0]!, /onEvent threw Error: bad/);
});

test.run();
