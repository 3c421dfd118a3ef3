/** Calls of synchronous functions, which are in nobody's way: not in AsyncLocalStorage, and not where they are over. */
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry, Span, type Layer } from "dtracing";
import * as $dt from "dtracing/internal";
import { alone, sites } from "./helpers/record.ts";

const $sites = sites(["a", "b", "c", "a", "b", "c"].map((name, line) => ["span", 3, line, 1, "n", name]));
const spanOf = (index: number): Span => $dt.span($sites, index + 3)?.(0) ?? $dt.none;
const current = (): string | undefined => Span.current().metadata?.name;
const state = (globalThis as unknown as Record<symbol, { readonly storage?: { getStore(): unknown } }>)[
  Symbol.for("dtracing.v1")
]!;
const quiet: Layer = { onNewSpan() {}, onClose() {} };

/** What the transformer writes for `function (…) { return f(…) }`. */
function call<R>(index: number, f: () => R, n: unknown = 0): R {
  const $a = $dt.beginSync($dt.syncSpan($sites, index)?.(n));
  try {
    return $dt.returning($a, f());
  } finally {
    if ($a !== undefined) $dt.endSync($a);
  }
}

test("a program that has spans in synchronous functions only has no AsyncLocalStorage", () => {
  const closed: unknown[] = [];
  registry()
    .with({ onNewSpan() {}, onClose: (id, context) => void closed.push(context.span(id)?.values.get("n")) })
    .init();
  const seen = call(0, () => [current(), call(1, current, 2), current()], 1);
  assert.equal(seen, ["a", "b", "a"]);
  const fails = (): never => {
    throw new RangeError("mine");
  };
  assert.throws(() => call(0, () => call(1, fails, 4), 3), "mine");
  assert.equal([current(), closed], [undefined, [2, 1, 4, 3]]);
  assert.is(state.storage, undefined);
});

test("what was bound to another span is in that one, also when a function calls it", () => {
  alone(registry().with(quiet), () => {
    const seen = spanOf(0).inScope(() => {
      const bound = AsyncLocalStorage.snapshot();
      const inside = (): unknown => [current(), bound(current), bound(() => call(1, current)), current()];
      return spanOf(1).inScope(() => call(2, inside));
    });
    assert.equal(seen, ["c", "a", "b", "c"]);
  });
});

test("a promise that a function leaves behind goes on where the function was called", async () => {
  await alone(registry().with(quiet), async () => {
    const later = async (): Promise<unknown[]> => {
      const first = current();
      await Promise.resolve();
      return [first, current()];
    };
    assert.equal(await spanOf(0).inScope(() => call(1, later)), ["b", "a"]);
  });
});

test("an entry by hand that outlives its function falls back on no function that is called later", () => {
  alone(registry().with(quiet), () => {
    const [guard, inside] = call(0, () => [spanOf(1).enter(), AsyncLocalStorage.snapshot()] as const);
    assert.is(current(), undefined);
    const seen = (): unknown => [inside(current), inside(() => (guard.exit(), current())), current()];
    assert.equal(
      spanOf(0).inScope(() => call(2, seen)),
      ["b", undefined, "c"],
    );
  });
});

test("an asynchronous function falls back on no function that is called later", async () => {
  await alone(registry().with(quiet), async () => {
    async function begun(): Promise<readonly [string | undefined, () => string | undefined]> {
      const $a = $dt.begin(spanOf(1));
      try {
        const inside = AsyncLocalStorage.snapshot() as (f: () => string | undefined) => string | undefined;
        $dt.resume($a, await $dt.suspend($a, null));
        return [current(), () => inside(current)];
      } finally {
        $dt.end($a);
      }
    }
    const before = state.storage?.getStore();
    const pending = call(0, () => [begun(), current()] as const);
    assert.is(pending[1], "a");
    assert.ok(before !== undefined && state.storage?.getStore() === before, "nothing is left behind");
    const [first, inside] = await pending[0];
    assert.equal(
      spanOf(0).inScope(() => [first, call(2, inside), call(2, current)]),
      ["b", undefined, "c"],
    );
  });
});

test.run();
