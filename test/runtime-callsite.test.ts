/** What is made of a table, and when: most callsites are never more than a cell and a line of text. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Event, Metadata } from "dtracing";
import {
  and,
  envFilter,
  filterFn,
  Interest,
  levelFilter,
  not,
  or,
  rebuildInterest,
  registry,
  reload,
  targets,
  withFilter,
} from "dtracing";
import * as $dt from "dtracing/internal";
import { alone, layer, sites, type SiteRow } from "./helpers/record.ts";

const made = ($sites: $dt.Sites): number[] => Object.keys($sites.module!.callsites).map(Number);
const asked = ($sites: $dt.Sites): number[] => Object.keys($sites.module!.asked).map(Number);
const interests = ($sites: $dt.Sites): number[] => Array.from($dt.cells($sites), (cell) => cell >>> 16);

const rows: readonly SiteRow[] = [
  ["event", 3, 1, 1, "", "a"],
  ["event", 3, 2, 1, "n", "b"],
  ["span", 4, 3, 1, "", "c"],
  ["event", 3, 4, 1, "", "d", undefined, "other"],
];

test("nobody is asked about a module before one of its callsites is reached, but for what is above every level", () => {
  const log: string[] = [];
  alone(registry().with(withFilter(layer(log), targets("mine=info"))), () => {
    const $sites = sites(rows, "mine");
    assert.equal(interests($sites), [1, 1, 0, 1]);
    $dt.event($sites, 1)?.(7);
    assert.equal(interests($sites), [2, 2, 0, 0]);
    assert.equal([made($sites), asked($sites), log], [[1], [], ["b n=7"]]);
  });
});

test("what was asked about is a new object where nobody kept the first, and asked about again when it is reached", () => {
  const seen: (Metadata | undefined)[] = [];
  const known = new WeakMap<Metadata, number>();
  const registerCallsite = (metadata: Metadata): Interest => {
    known.set(metadata, metadata.line ?? 0);
    return Interest.ALWAYS;
  };
  const onEvent = ({ metadata }: Event): void => void seen.push(known.has(metadata) ? metadata : undefined);
  alone(registry().with({ registerCallsite, onEvent }), () => {
    const $sites = sites(rows.slice(0, 3), "mine");
    $dt.cells($sites);
    rebuildInterest();
    assert.equal([made($sites), asked($sites)], [[], [0, 1, 2]]);
    const { module } = $sites;
    const kept = module!.asked[0]!.deref();
    // what the garbage collector would do some time later
    module!.asked[1] = { deref: () => undefined } as never;
    for (const i of [0, 1]) $dt.event($sites, i)?.(1);
    assert.is(seen[0], kept);
    assert.is(seen[1]?.line, 2);
    rebuildInterest();
    assert.is(module!.callsites[1]!.metadata, seen[1]);
  });
});

test("a program that gave lists an iterator of its own is loaded and reached as any other", () => {
  let events = 0;
  alone(registry().with({ onEvent: () => void events++ }), () => {
    const table = sites(rows, "mine")();
    const $sites: $dt.Sites = () => table;
    const { [Symbol.iterator]: iterator } = Array.prototype;
    const set = (own: () => Iterator<unknown>): unknown => Reflect.set(Array.prototype, Symbol.iterator, own);
    let before = 0;
    // as Test262 has it, for patterns of three
    set(function* (this: readonly unknown[]) {
      for (let i = 0; i < Math.min(this.length, 3); i++) yield i < 2 ? this[i] : 42;
    });
    try {
      before = $dt.cells($sites)[1]! >>> 16;
      $dt.event($sites, 1)?.(7);
    } finally {
      set(iterator);
    }
    assert.equal([before, events, interests($sites)], [1, 1, [2, 2, 2, 2]]);
    assert.is($sites.module!.callsites[1]!.metadata.target, "mine");
  });
});

test("a filter that answers for targets is asked once for each level, and no callsite is made", () => {
  const questions: string[] = [];
  const filter = {
    registerTarget: (target: string, level: number) => (
      questions.push(`${target} ${level}`),
      level < 4 ? Interest.ALWAYS : Interest.NEVER
    ),
    registerCallsite: () => assert.unreachable("no callsite has to be asked about") as never,
    enabled: () => assert.unreachable("what is always wanted is not asked again") as never,
  };
  const log: string[] = [];
  alone(registry().with(withFilter(layer(log), filter)), () => {
    const $sites = sites(rows.slice(0, 3), "once");
    $dt.cells($sites);
    rebuildInterest();
    assert.equal(interests($sites), [2, 2, 0]);
    assert.equal(questions.filter((one) => one.startsWith("once")), ["once 3", "once 4"]); // prettier-ignore
    assert.equal([made($sites), asked($sites)], [[], []]);
    $dt.event($sites, 1)?.(7);
    assert.equal([made($sites), log], [[1], ["b n=7"]]);
  });
});

test("a target of its own is asked for by itself", () => {
  alone(registry().with(withFilter(layer([]), targets("other=info"))), () => {
    const $sites = sites(rows, "mine");
    $dt.cells($sites);
    rebuildInterest();
    assert.equal(interests($sites), [0, 0, 0, 2]);
    assert.equal([made($sites), asked($sites)], [[], []]);
  });
});

test("filters that look at targets and levels alone need no callsites, others do", () => {
  const shallow = [
    levelFilter("info"),
    targets("mine=info,other=info"),
    envFilter("mine=info,other=info"),
    and(levelFilter("info"), envFilter("trace")),
    or(levelFilter("info"), envFilter("off")),
    not(not(levelFilter("info"))),
    reload(levelFilter("info"))[0],
  ];
  const deep = [
    filterFn(({ level }) => level <= 3),
    envFilter("info,mine[{n}]=info"),
    and(
      levelFilter("info"),
      filterFn(() => true),
    ),
    reload(filterFn(({ level }) => level <= 3))[0],
  ];
  for (const filter of [...shallow, ...deep]) {
    alone(registry().with(withFilter(layer([]), filter)), () => {
      const $sites = sites(rows, "mine");
      $dt.cells($sites);
      rebuildInterest();
      assert.equal(interests($sites), [2, 2, 0, 2]);
      assert.is(asked($sites).length > 0, deep.includes(filter));
    });
  }
});

test("a filter that is exchanged for one that looks at fields, and back, decides as if it had always been there", () => {
  const [filter, handle] = reload(envFilter("info"));
  const log: string[] = [];
  alone(registry().with(withFilter(layer(log), filter)), () => {
    const $sites = sites(rows, "mine");
    const emit = (): void => {
      for (const [i, values] of [[0, []], [1, [7]], [3, []]] as const) $dt.event($sites, i)?.(...values); // prettier-ignore
    };
    emit();
    handle.reload(envFilter("off,mine[{n=7}]=info"));
    emit();
    handle.reload(envFilter("other=info"));
    emit();
    assert.equal(log, ["a", "b n=7", "d", "b n=7", "d"]);
  });
});

test("metadata is one object for each callsite, whole where it is printed or copied", () => {
  const seen: Metadata[] = [];
  const onEvent = ({ metadata }: Event): void => void seen.push(metadata);
  alone(registry().with({ onEvent }), () => {
    const $sites = sites([["event", 3, 12, 3, "^,n,...", "said {n}"]], "mine", "src/a.ts");
    for (const n of [1, 2]) $dt.event($sites, 0)?.(null, n, {});
  });
  assert.is(seen[0], seen[1]);
  const whole = {
    kind: "event",
    name: "event src/a.ts:12",
    level: 3,
    target: "mine",
    file: "src/a.ts",
    line: 12,
    column: 3,
    fields: ["n"],
    layout: ["^", "n", "..."],
    message: "said {n}",
  };
  assert.equal({ ...seen[0] }, whole);
  assert.equal(JSON.parse(JSON.stringify(seen[0])), whole);
});

test("any text is read as it was written", () => {
  const texts = ["\n", "\\n", "`${x}`", '"]\n["event",1', "\u2028\u0000\u{1F600}", "a,b"];
  const $sites = sites(texts.map((text, i) => ["event", 3, i + 1, 1, [text], text, text]));
  const seen: unknown[] = [];
  alone(registry().with({ onEvent: ({ metadata }) => void seen.push(metadata) }), () => {
    texts.forEach((_, i) => $dt.event($sites, i)?.(1));
  });
  assert.equal(
    (seen as Metadata[]).map(({ fields, message, name }) => [...fields, message, name]),
    texts.map((text) => [text, text, text]),
  );
});

test.run();
