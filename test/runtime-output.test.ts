/** Exact lines of the text and JSON outputs, whatever the values are. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Event, Layer, Metadata } from "dtracing";
import {
  debug, dispatch, display, Empty, json, levelFilter, registry, reloadLayer, text, targets, withDefault, withFilter,
} from "dtracing"; // prettier-ignore
import * as $dt from "dtracing/internal";
import type { SiteRow } from "./helpers/record.ts";
import { ByteLine } from "../runtime/output/writers/byte-line.ts";
import { jsonOf, writeValue } from "../runtime/value.ts";
import { alone, said, sites } from "./helpers/record.ts";

const timer = (): string => "2026-11-22T10:00:00.123456Z";
const rows: SiteRow[] = [
  ["span", 3, 12, 1, "path", "serve"],
  ["span", 3, 13, 1, "table,...", "query"],
  ["event", 3, 14, 1, "rows", "found {rows} rows"],
  ["event", 1, 15, 1, "v"],
  ["event", 2, 16, 1, "...,message"],
  ["event", 4, 17, 1, "..."],
  ["event", 5, 18, 1, ["a,b", "c d"], "{{literal}} {a,b} {nope}"],
  ["span", 3, 19, 1, "name,field.name", "named"],
];
const $sites = sites(rows, "app::server", "src/server.ts");

/** The lines that both outputs write for one event, without the line end. */
function lines(f: () => void): { readonly text: string; readonly json: string } {
  const found: string[] = [];
  const writer = (line: string): void => void found.push(line);
  alone(registry().with(text({ writer, timer })).with(json({ writer, timer })), f);
  assert.is(found.length, 2);
  for (const line of found) assert.match(line, /^[^\n]*\n$/);
  return { text: found[0]!.slice(0, -1), json: found[1]!.slice(0, -1) };
}

/** The text and JSON of one value. */
function value(v: unknown): readonly [string, string] {
  const { text, json } = lines(() => $dt.event($sites, 3)?.(v));
  const head = '{"timestamp":"2026-11-22T10:00:00.123456Z","level":"ERROR","fields":{';
  const tail = '},"target":"app::server","file":"src/server.ts","line":15}';
  assert.ok(json.startsWith(head) && json.endsWith(tail), json);
  JSON.parse(json);
  return [text.replace("2026-11-22T10:00:00.123456Z ERROR app::server: ", ""), json.slice(head.length, -tail.length)];
}

test("an event inside spans, as in Rust's full and JSON formats", () => {
  const found = lines(() => {
    const query = $dt.span($sites, 0)!("/users").inScope(() => $dt.span($sites, 1)!("users", { limit: 2 }));
    query.inScope(() => $dt.event($sites, 2)?.(3));
    query.close();
  });
  assert.is(
    found.text,
    '2026-11-22T10:00:00.123456Z  INFO serve{path="/users"}:query{table="users" limit=2}: app::server: found 3 rows rows=3',
  );
  assert.is(
    found.json,
    '{"timestamp":"2026-11-22T10:00:00.123456Z","level":"INFO","fields":{"message":"found 3 rows","rows":3},"target":"app::server","file":"src/server.ts","line":14,"span":{"name":"query","table":"users","limit":2},"spans":[{"name":"serve","path":"/users"},{"name":"query","table":"users","limit":2}]}',
  );
});

test("spans without fields have no braces, and a record shows at once", () => {
  const found: string[] = [];
  const writer = { write: (line: string) => found.push(line) };
  alone(registry().with(text({ writer, timer: false, target: false })), () => {
    const span = $dt.span($sites, 0)!(Empty).entered();
    $dt.event($sites, 2)?.(1);
    span.record("path", "/a");
    $dt.event($sites, 2)?.(1);
    span.record("path", "/b");
    $dt.event($sites, 2)?.(1);
    span.close();
  });
  assert.equal(found, [
    " INFO serve: found 1 rows rows=1\n",
    ' INFO serve{path="/a"}: found 1 rows rows=1\n',
    ' INFO serve{path="/b"}: found 1 rows rows=1\n',
  ]);
});

test("values of every kind", () => {
  const cycle: Record<string, unknown> = { a: 1 };
  cycle["self"] = cycle;
  class Point {
    x = 1;
  }
  const cases: [unknown, string, string][] = [
    ['a "b"', '"a \\"b\\""', '"a \\"b\\""'],
    [1.5, "1.5", "1.5"],
    [true, "true", "true"],
    [null, "null", "null"],
    [NaN, "NaN", '"NaN"'],
    [-Infinity, "-Infinity", '"-Infinity"'],
    [12n, "12", "12"],
    [2n ** 64n, "18446744073709551616", '"18446744073709551616"'],
    [new Date(0), "1970-01-01T00:00:00.000Z", '"1970-01-01T00:00:00.000Z"'],
    [new Date(NaN), "Invalid Date", '"Invalid Date"'],
    [new Uint8Array([97, 2]), "[61 02]", '"6102"'],
    [new Float32Array([1, 2]), "[1,2]", "[1,2]"],
    [[1, "a", undefined], '[1,"a",undefined]', '[1,"a",null]'],
    [{ a: { b: [1n] }, c: undefined }, '{"a":{"b":[1]}}', '{"a":{"b":[1]}}'],
    [new Point(), '{"x":1}', '{"x":1}'],
    [new Map([["k", 1]]), '{"k":1}', '{"k":1}'],
    [new Map([[1, 2]]), "[[1,2]]", "[[1,2]]"],
    [new Set([1]), "[1]", "[1]"],
    [/a/g, "/a/g", '"/a/g"'],
    [Symbol("s"), "Symbol(s)", '"Symbol(s)"'],
    [function f() {}, "[Function: f]", '"[Function: f]"'],
    [cycle, '{"a":1,"self":[Circular]}', '{"a":1,"self":"[Circular]"}'],
    [new URL("http://a/b"), '"http://a/b"', '"http://a/b"'],
    [display("a b"), "a b", '"a b"'],
    [display({ toString: () => "shown" }), "shown", '"shown"'],
    [debug("a b"), '"a b"', '"\\"a b\\""'],
    [{ nested: display("x") }, '{"nested":x}', '{"nested":"x"}'],
  ];
  for (const [given, text, json] of cases) assert.equal(value(given), [`v=${text}`, `"v":${json}`]);
});

test("undefined and Empty are not recorded", () => {
  assert.equal(value(undefined), ["", ""]);
  assert.equal(value(Empty), ["", ""]);
});

test("errors: name and message in text with their sources, all of it in JSON", () => {
  const inner = Object.assign(new RangeError("in\nner"), { code: "EX" });
  const outer = new Error("outer", { cause: inner });
  outer.stack = "stack";
  inner.stack = "stack";
  assert.equal(value(outer), [
    "v=Error: outer v.sources=[in\\nner]",
    '"v":{"name":"Error","message":"outer","stack":"stack","cause":{"name":"RangeError","message":"in\\nner","stack":"stack","code":"EX"}}',
  ]);
  inner.cause = outer;
  assert.match(value(outer)[1], '"cause":"[Circular]"');
  const both = new AggregateError([new Error("one")], "both");
  assert.match(value(both)[1], /"errors":\[\{"name":"Error","message":"one"/);
});

test("plain data is what JSON.stringify makes of it, as string and as bytes", () => {
  const unsafe = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069\p{Cs}]/u;
  const data = fc.object({ maxDepth: 6, withNullPrototype: true, withSparseArray: false, values: [fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.date({ noInvalidDate: true }), fc.constant({ toJSON: () => [1] })] }); // prettier-ignore
  const metadata = { file: "a.ts", line: 1 } as Metadata;
  fc.assert(
    fc.property(data, (value) => {
      const wanted = JSON.stringify(value, (_, item: unknown) => (typeof item === "number" && !Number.isFinite(item) ? `${item}` : Object.is(item, -0) ? 0 : item)); // prettier-ignore
      fc.pre(!unsafe.test(wanted));
      // no diff: of long lines that takes all the memory there is
      assert.ok(jsonOf({ metadata }, "v", value) === wanted, wanted);
      const line = new ByteLine();
      writeValue(line, { metadata }, "v", value, true);
      assert.ok(line.text(0) === wanted, wanted);
    }),
    { numRuns: 300 },
  );
});

test("a toJSON that asks for JSON has depth, objects and surroundings of its own", () => {
  const place = { metadata: { file: "a.ts", line: 1 } as Metadata };
  const many = Array.from({ length: 900 }, () => ({}));
  const outer = { a: { b: { c: { toJSON: () => ask() } } }, many };
  let ask = (): unknown => many;
  const alone = jsonOf(place, "v", outer);
  const asked: string[] = [];
  ask = () => {
    ask = () => many;
    asked.push(jsonOf(place, "v", outer));
    return many;
  };
  const json = jsonOf(place, "v", outer);
  assert.ok(alone.includes("{},{}") && alone.includes('"[Object]"'));
  assert.ok(asked[0] === alone, asked[0]!.slice(0, 200));
  assert.ok(json === alone, json.slice(0, 200));
});

test("depth is bounded", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = { d: deep };
  assert.match(value(deep)[0], /"d":\[Object\]\}+$/);
});

test("so is the number of objects, where everything leads to everything", () => {
  const nodes: Record<string, unknown>[] = Array.from({ length: 12 }, () => ({}));
  for (const node of nodes) nodes.forEach((other, i) => (node[`n${i}`] = other));
  for (const text of value(nodes[0])) {
    assert.match(text, /\[Object\]/);
    assert.ok(text.length < 300_000, `${text.length} characters`);
  }
  assert.match(value(new AggregateError([nodes[0], { a: 1 }], "both"))[0], /, \{"a":1\}\]$/, "each source is a value");
});

test("what throws becomes a marker, the line is written, and it is told once with its place", () => {
  const boom = (): never => {
    throw new Error("boom");
  };
  const marker = "[threw Error: boom]";
  const all = said(() => {
    assert.equal(value({ toJSON: boom }), [`v=${marker}`, `"v":"${marker}"`]);
    assert.equal(value(display({ toString: boom })), [`v=${marker}`, `"v":"${marker}"`]);
    assert.equal(
      value({
        a: 1,
        get b() {
          return boom();
        },
        c: 2,
      }),
      [`v={"a":1,"b":${marker},"c":2}`.replace(marker, `"${marker}"`), `"v":{"a":1,"b":"${marker}","c":2}`],
    );
    const proxy = new Proxy({}, { get: boom, ownKeys: boom, getPrototypeOf: boom });
    assert.equal(value(proxy), [`v=${marker}`, `"v":"${marker}"`]);
    assert.match(lines(() => $dt.event($sites, 5)?.(proxy)).text, marker);
    const { revoke, proxy: revoked } = Proxy.revocable({}, {});
    revoke();
    assert.match(value(revoked)[0], "[threw TypeError:");
    assert.match(lines(() => $dt.event($sites, 2)?.({ toJSON: boom })).text, `found ${marker} rows rows=${marker}`);
    assert.match(
      lines(() =>
        $dt.event($sites, 4)?.(
          {
            get x() {
              return boom();
            },
          },
          display({ toString: boom }),
        ),
      ).text,
      `${marker} x=${marker}`,
    );
    assert.match(
      value({
        toJSON: () => {
          throw null;
        },
      })[0],
      /\[threw/,
    );
  });
  assert.is(all.filter((line) => line.includes(":15:")).length, 1);
  assert.match(all[0]!, 'dtracing: src/server.ts:15: the field "v" threw Error: boom while it was recorded');
});

test("nothing can forge a line or drive the terminal, in any position", () => {
  const evil = "x\n\r\x1b[31m\x7f\x9b\u2028\u2029\u202e\ud800y";
  const shown = "x\\n\\r\\u001b[31m\\u007f\\u009b\\u2028\\u2029\\u202e\\ud800y";
  const $evil = sites(
    [
      ["span", 3, 1, 1, "...", evil],
      ["event", 3, 1, 1, "...,message", undefined, undefined, evil],
    ],
    evil,
  );
  const found = lines(() => {
    $dt.span($evil, 0)!({ [evil]: evil }).inScope(() =>
      $dt.event($evil, 1)?.({ a: display(evil), b: new Error(evil) }, evil),
    );
  });
  for (const line of [found.text, found.json]) {
    // eslint-disable-next-line no-control-regex
    assert.not.match(line, /[\0-\x1f\x7f-\x9f\u2028-\u202e]/);
    assert.not.match(line, /\p{Cs}/u);
  }
  assert.ok(
    found.text.includes(`${shown}{"${shown}"="${shown}"}: ${shown}: ${shown} a=${shown} b=Error: ${shown}`),
    found.text,
  );
  const parsed = JSON.parse(found.json) as { fields: { message: string }; target: string };
  assert.is(parsed.fields.message, evil);
  assert.is(parsed.target, evil);
  assert.match(lines(() => $dt.event($sites, 4)?.({ "a=1 b": 2 }, "m")).text, / m "a=1 b"=2$/);
});

test("messages: braces, unknown placeholders, open sets, Errors", () => {
  assert.match(lines(() => $dt.event($sites, 6)?.(1, 2)).text, / \{literal\} 1 \{nope\} a,b=1 "c d"=2$/);
  assert.match(lines(() => $dt.event($sites, 5)?.("just text")).text, /server: just text$/);
  assert.match(lines(() => $dt.event($sites, 5)?.(new TypeError("bad"))).text, /server: bad error=TypeError: bad$/);
  assert.match(lines(() => $dt.event($sites, 5)?.({ message: "m", x: 1 })).text, /server: m x=1$/);
  assert.match(
    lines(() => $dt.event($sites, 4)?.(new TypeError("bad"), "with")).text,
    /server: with error=TypeError: bad$/,
  );
  assert.match(lines(() => $dt.event($sites, 4)?.({ a: 1 }, `{a} {{`)).text, /server: \{a\} \{\{ a=1$/);
});

test("no key of a JSON object is written twice", () => {
  assert.match(
    lines(() => $dt.event($sites, 4)?.({ message: "mine" }, "text")).json,
    '"fields":{"message":"text","field.message":"mine"}',
  );
  const found = lines(() => $dt.span($sites, 7)!("n", "f").inScope(() => $dt.event($sites, 2)?.(1)));
  assert.match(found.json, '"span":{"name":"named","field.field.name":"n","field.name":"f"}');
});

test("an event is one object for all if no layer keeps it, and holds on to nothing; else each is its own", () => {
  const secret = {};
  const seen: Event[] = [];
  const layer = (keepsEvents?: boolean): Layer => ({
    ...(keepsEvents === undefined ? {} : { keepsEvents }),
    onEvent(event) {
      assert.is(event.values[0], secret);
      seen.push(event);
    },
  });
  const emitted = (...layers: Layer[]): readonly Event[] => {
    seen.length = 0;
    alone(registry().with(layers), () => {
      $dt.event($sites, 3)?.(secret);
      $dt.event($sites, 3)?.(secret);
    });
    return [...seen];
  };
  const [a, b] = emitted(layer(false));
  assert.is(a, b);
  assert.not(a!.values.includes(secret));
  for (const layers of [[layer()], [layer(false), layer(true)]]) {
    const events = emitted(...layers);
    assert.is(new Set(events).size, 2);
    assert.ok(events.every(({ values }) => values[0] === secret));
  }
});

test("an output that had the events of a callsite for itself shares them with what is added, exchanged or put around it", () => {
  const found: string[] = [];
  const output = (name: string): Layer =>
    text({ writer: (line) => void found.push(name + line.trim()), timer: false }) as Layer;
  const emitted = (): string[] => {
    found.length = 0;
    $dt.event($sites, 3)?.(1);
    return [...found];
  };
  const line = "ERROR app::server: v=1";
  const [slot, handle] = reloadLayer(output("a "));
  const all = registry().with(slot);
  withDefault(dispatch(all), () => {
    assert.equal(emitted(), [`a ${line}`]);
    handle.reload(output("b "));
    assert.equal(emitted(), [`b ${line}`]);
    all.with(output("c "));
    assert.equal(emitted(), [`b ${line}`, `c ${line}`]);
    all.with({ eventEnabled: () => false });
    assert.equal(emitted(), []);
  });
  const around: Layer = { ...output("d "), onEvent: () => void found.push("mine") };
  alone(registry().with(around), () => assert.equal(emitted(), ["mine"]));
});

test("two outputs with their own filters", () => {
  const found: string[] = [];
  const writer = (line: string): void => void found.push(line);
  alone(
    registry()
      .with(text({ writer, timer: false, filter: levelFilter("warn") }))
      .with(withFilter(json({ writer, timer: false }), targets("other"))),
    () => {
      $dt.event($sites, 2)?.(1);
      $dt.event($sites, 3)?.(1);
    },
  );
  assert.equal(found, ["ERROR app::server: v=1\n"]);
});

test("colours are Rust's", () => {
  const found: string[] = [];
  alone(registry().with(text({ writer: (line) => void found.push(line), timer, ansi: true })), () => {
    $dt.span($sites, 0)!(1).inScope(() => $dt.event($sites, 2)?.(1));
  });
  assert.equal(found, [
    "\x1b[2m2026-11-22T10:00:00.123456Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[1mserve\x1b[0m\x1b[1m{\x1b[0m\x1b[3mpath\x1b[0m\x1b[2m=\x1b[0m1\x1b[1m}\x1b[0m\x1b[2m:\x1b[0m \x1b[2mapp::server:\x1b[0m found 1 rows \x1b[3mrows\x1b[0m\x1b[2m=\x1b[0m1\n",
  ]);
});

test("timestamps have microseconds, follow the wall clock, and are set again when it is stepped", () => {
  const found: string[] = [];
  const { now } = Date;
  const stamp = (): number => Date.parse(found.at(-1)!.slice(0, 27));
  alone(registry().with(text({ writer: (line) => void found.push(line) })), () => {
    $dt.event($sites, 2)?.(1);
    assert.match(found[0]!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z {2}INFO /);
    assert.ok(Math.abs(stamp() - Date.now()) < 1000);
    for (let i = 0; i < 100; i++) $dt.event($sites, 2)?.(1);
    const stamps = found.map((line) => line.slice(0, 27));
    assert.equal(stamps, [...stamps].sort());
    // a clock that is slewed by a few milliseconds does not take the time back
    Date.now = () => now() - 10;
    for (let i = 0; i < 10; i++) $dt.event($sites, 2)?.(1);
    const slewed = found.map((line) => line.slice(0, 27));
    assert.equal(slewed, [...slewed].sort());
    Date.now = () => now() + 3_600_000;
    // the system's clock is looked at once in a millisecond
    for (const start = performance.now(); performance.now() < start + 2;);
    try {
      $dt.event($sites, 2)?.(1);
      assert.ok(Math.abs(stamp() - Date.now()) < 1000);
    } finally {
      Date.now = now;
    }
  });
});

test.run();
