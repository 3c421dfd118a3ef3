/** Every format by exact text, and that no value can break a line. */
import * as fc from "fast-check";
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Filtered, Layer, LayerLike } from "dtracing";
import {
  compact, display, ecsShape, json, localTime, otelShape, pinoShape, pretty, redact, registry, secret, spanEvents, text, tree, uptime,
} from "dtracing"; // prettier-ignore
import * as $dt from "dtracing/internal";
import { buffered } from "dtracing/writers";
import { textBy } from "../runtime/line.ts";
import { ByteLine } from "../runtime/output/writers/byte-line.ts";
import { durationText } from "../runtime/output/duration.ts";
import { Children } from "./helpers/child.ts";
import { alone, sites } from "./helpers/record.ts";

const $sites = sites(
  [
    ["span", 3, 1, 1, "id", "outer"],
    ["span", 4, 2, 1, "", "inner"],
    ["event", 3, 3, 1, "rows,path", "found {rows} rows"],
    ["event", 2, 4, 1, "error", "failed"],
    ["event", 1, 5, 1, "message,name,level", undefined],
    ["event", 5, 6, 1, "^,x", "root"],
  ],
  "app::db",
  "src/db.ts",
);
const span = (i: number, ...values: unknown[]) => $dt.span($sites, i)?.(...values) ?? $dt.none;
const event = (i: number, ...values: unknown[]): void => void $dt.event($sites, i)?.(...values);
const timer = (): string => "TIME";
const plain = { timer, ansi: false } as const;

type Output = (options: { timer: () => string; ansi: false; writer: (line: string) => void }) => LayerLike;

/** What an output writes. */
function written(output: Output, f: () => void): string {
  let all = "";
  alone(registry().with(output({ ...plain, writer: (line) => void (all += line) })), f);
  return all;
}

const inside = (): void => {
  const outer = span(0, 7);
  outer.inScope(() => span(1).inScope(() => event(2, 3, "/a b")));
};

test("full (row 173)", () => {
  assert.is(written(text, inside), 'TIME  INFO outer{id=7}:inner: app::db: found 3 rows rows=3 path="/a b"\n');
  assert.is(
    written((options) => text({ ...options, file: true, level: false }), inside),
    'TIME outer{id=7}:inner: app::db: src/db.ts:3: found 3 rows rows=3 path="/a b"\n',
  );
});

test("compact: names first, the fields of all spans at the end (row 174)", () => {
  assert.is(written(compact, inside), 'TIME  INFO outer:inner: app::db: found 3 rows rows=3 path="/a b" id=7\n');
  assert.is(
    written(compact, () => event(5, null, 1)),
    "TIME TRACE app::db: root x=1\n",
  );
});

test("pretty: the place and the spans on lines of their own (row 175)", () => {
  assert.is(
    written(pretty, inside),
    `  TIME  INFO app::db: found 3 rows, rows: 3, path: "/a b"
    at src/db.ts:3
    in app::db::inner
    in app::db::outer with id: 7

`,
  );
});

test("pretty shows each error of a chain and of an aggregate once, with its stack", () => {
  const shared = new Error("shared");
  const one = new Error("one", { cause: shared });
  const all = new AggregateError([one, shared, new Error("two")], "all", { cause: one });
  for (const [i, error] of [shared, one, all, all.errors[2] as Error].entries())
    error.stack = `${error.name}: ${error.message}\n    at f${i} (x.js:1:1)\x1b[31m`;
  assert.is(
    written(pretty, () => event(3, all)),
    `  TIME  WARN app::db: failed, error: AggregateError: all error.sources: [one, shared, two]
    at src/db.ts:4
    AggregateError: all
      at f2 (x.js:1:1)\\u001b[31m
    caused by: Error: one
      at f1 (x.js:1:1)\\u001b[31m
    caused by: Error: shared
      at f0 (x.js:1:1)\\u001b[31m
    one of: Error: two
      at f3 (x.js:1:1)\\u001b[31m

`,
  );
  assert.is(
    written(text, () => event(3, all)),
    "TIME  WARN app::db: failed error=AggregateError: all error.sources=[one, shared, two]\n",
  );
});

test("JSON: nested, flat, with and without span and spans (rows 176, 177)", () => {
  const start = '{"timestamp":"TIME","level":"INFO",';
  const fields = '"fields":{"message":"found 3 rows","rows":3,"path":"/a b"}';
  const origin = '"target":"app::db","file":"src/db.ts","line":3';
  const current = '"span":{"name":"inner"}';
  const list = '"spans":[{"name":"outer","id":7},{"name":"inner"}]';
  const made = (options: object): string => written((own) => json({ ...own, ...options }), inside);
  assert.is(made({}), `${start}${fields},${origin},${current},${list}}\n`);
  assert.is(made({ currentSpan: false }), `${start}${fields},${origin},${list}}\n`);
  assert.is(made({ spanList: false }), `${start}${fields},${origin},${current}}\n`);
  assert.is(
    made({ flatten: true, currentSpan: false, spanList: false, target: false }),
    `${start}"message":"found 3 rows","file":"src/db.ts","line":3,"rows":3,"path":"/a b"}\n`,
  );
  assert.is(
    made({
      keys: { timestamp: "ts", fields: "data", file: false, line: false, span: false, spans: false },
      order: ["level", "data"],
    }),
    `{"level":"INFO","data":{"message":"found 3 rows","rows":3,"path":"/a b"},"ts":"TIME","target":"app::db"}\n`,
  );
});

test("target, level, file and the number of the thread, each if wanted (row 178)", async () => {
  const made = (output: typeof json | typeof text, options: object): string =>
    written((own) => output({ ...own, ...options }), () => event(2, 3, "/")); // prettier-ignore
  assert.is(made(text, { threadId: true }), 'TIME  INFO ThreadId(0) app::db: found 3 rows rows=3 path="/"\n');
  assert.is(
    made(text, { level: false, target: false, file: true }),
    'TIME src/db.ts:3: found 3 rows rows=3 path="/"\n',
  );
  assert.match(made(json, { threadId: true, target: false }), /"file":"src\/db.ts","line":3,"threadId":0\}\n$/);
  const children = new Children();
  try {
    const path = children.write(
      "worker.js",
      `import { json, registry, trace } from "dtracing"; import { isMainThread, Worker } from "node:worker_threads";
      registry().with(json({ threadId: true, keys: { timestamp: false } })).init();
      trace.info("x"); if (isMainThread) new Worker(new URL(import.meta.url));`,
    );
    const ids = [...(await children.run(path)).out.matchAll(/"threadId":(\d)/g)].map(([, id]) => id);
    assert.equal(ids, ["0", "1"]);
  } finally {
    children.close();
  }
});

test("a flat line never has a key twice", () => {
  const made = written(
    (own) => json({ ...own, flatten: true }),
    () => event(4, "hello", "n", "l"),
  );
  assert.is(
    made,
    '{"timestamp":"TIME","level":"ERROR","message":"hello","target":"app::db","file":"src/db.ts","line":5,"name":"n","field.level":"l"}\n',
  );
});

test("the scope of JSON, compact and pretty is the event's, also with an explicit parent (row 188)", () => {
  for (const output of [text, compact, pretty, json] as Output[]) {
    const made = (parent: unknown): string => written(output, () => span(0, 7).inScope(() => event(5, parent, 1)));
    assert.not.match(made(null), "outer");
    assert.match(made(undefined), "outer");
  }
});

test("one callsite inside of spans and outside, in turn", () => {
  const shapes = [pinoShape({ now: () => 1 }), ecsShape({ timer }), otelShape({ now: () => 1n })];
  const outside = (): void => event(2, 3, "/a b");
  for (const output of [
    text,
    compact,
    pretty,
    json,
    ...shapes.flatMap((shape): Output[] => [
      (options) => json({ ...options, shape }),
      (options) => json({ ...options, shape: (record, put) => shape(record, put) }),
    ]),
  ] as Output[]) {
    const turns = [outside, inside, outside, inside];
    const each = turns.map((turn) => written(output, turn));
    assert.is(
      written(output, () => turns.forEach((turn) => turn())),
      each.join(""),
    );
    assert.not(each[0]!.includes("outer"));
    assert.ok(each[1]!.includes("outer"));
  }
});

test("pino's shape", () => {
  const shape = pinoShape({ now: () => 1 });
  const made = written((own) => json({ ...own, shape, keys: { pid: false, hostname: false } }), inside);
  assert.is(
    made,
    '{"level":30,"time":1,"name":"app::db","rows":3,"path":"/a b","spans":[{"name":"outer","id":7},{"name":"inner"}],"msg":"found 3 rows"}\n',
  );
  const full = JSON.parse(
    written(
      (own) => json({ ...own, shape }),
      () => event(3, new TypeError("t")),
    ),
  ) as Record<string, any>;
  assert.equal(
    [full.pid, full.level, full.err.type, full.err.message, full.error],
    [process.pid, 40, "TypeError", "t", undefined],
  );
});

test("Elastic's and OpenTelemetry's shapes", () => {
  const ecs = written((own) => json({ ...own, shape: ecsShape({ timer }) }), inside);
  assert.is(
    ecs,
    '{"@timestamp":"TIME","log.level":"info","message":"found 3 rows","ecs.version":"8.11.0","log.logger":"app::db","log.origin.file.name":"src/db.ts","log.origin.file.line":3,"labels":{"rows":3,"path":"/a b"},"span.name":"inner","spans":[{"name":"outer","id":7},{"name":"inner"}]}\n',
  );
  const otel = written((own) => json({ ...own, shape: otelShape({ now: () => 1n }) }), inside);
  assert.is(
    otel,
    '{"Timestamp":"1","SeverityText":"INFO","SeverityNumber":9,"Body":"found 3 rows","InstrumentationScope":{"Name":"app::db"},"Attributes":{"code.file.path":"src/db.ts","code.line.number":3,"rows":3,"path":"/a b"},"Spans":[{"name":"outer","id":7},{"name":"inner"}]}\n',
  );
  for (const shape of [ecsShape(), otelShape()]) {
    const line = JSON.parse(
      written(
        (own) => json({ ...own, shape }),
        () => event(3, new TypeError("t")),
      ),
    ) as Record<string, any>;
    assert.is(line["error.type"] ?? line.Attributes["exception.type"], "TypeError");
    assert.match(line["error.stack_trace"] ?? line.Attributes["exception.stacktrace"], "TypeError: t\n    at ");
  }
});

test("the life of spans as events: none, close, active, full (row 182)", () => {
  const made = (events?: Parameters<typeof spanEvents>[1]): string[] =>
    written(
      (own) => (events === undefined ? text(own) : spanEvents(text(own), events, { timing: false })),
      () => {
        const outer = span(0, 7);
        outer.inScope(() => event(2, 0));
        outer.close();
      },
    )
      .trimEnd()
      .split("\n")
      .map((line) => line.replace("TIME  INFO outer{id=7}: app::db: ", ""));
  assert.equal(made(), ["found 0 rows rows=0"]);
  assert.equal(made([]), ["found 0 rows rows=0"]);
  assert.equal(made("close"), ["found 0 rows rows=0", "close"]);
  assert.equal(made("active"), ["enter", "found 0 rows rows=0", "exit"]);
  assert.equal(made(["new", "exit"]), ["new", "found 0 rows rows=0", "exit"]);
  assert.equal(made("full"), ["new", "enter", "found 0 rows rows=0", "exit", "close"]);
});

test("close says how long the span was busy and idle (row 183)", async () => {
  let all = "";
  const output = spanEvents(json({ writer: (line) => void (all += line) }));
  await alone(registry().with(output), async () => {
    const outer = span(0, 7);
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await sleep(30);
    outer.inScope(() => outer.inScope(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60)));
    outer.close();
  });
  const { fields, level, span: current } = JSON.parse(all) as Record<string, any>;
  assert.equal([fields.message, level, current], ["close", "INFO", { name: "outer", id: 7 }]);
  // at least what was slept; a busy machine may take longer
  assert.match(fields["time.busy"], /^([6-9]\d\.\d|\d{3})ms$/);
  assert.match(fields["time.idle"], /^((29|[3-9]\d)\.\d|\d{3})ms$/);
});

test("durations have three digits and a unit (row 183)", () => {
  const cases: [number, string][] = [
    [0, "0.00ns"], [0.000001, "1.00ns"], [0.0000994, "99.4ns"], [0.000999, "999ns"], [0.0009996, "1.00µs"], [0.01234, "12.3µs"],
    [1.234, "1.23ms"], [123.4, "123ms"], [999.4, "999ms"], [1000, "1.00s"], [61_000, "61.0s"], [3_600_000, "3600s"], [-1, "0.00ns"],
  ]; // prettier-ignore
  for (const [ms, expected] of cases) assert.is(durationText(ms), expected);
});

test("span events work on a filtered output and keep its filter", () => {
  const made = spanEvents(text({ filter: { enabled: () => true } }), "new") as Filtered;
  assert.type(made.filter.enabled, "function");
  assert.type(made.layer.onNewSpan, "function");
});

test("the tree of a terminal", () => {
  let now = 0;
  const made = written(
    (own) => tree({ ...own, timer: false, clock: () => (now += 1), target: false }),
    () => {
      event(5, undefined, 1);
      const outer = span(0, 7);
      outer.inScope(() => {
        event(2, 1);
        const inner = span(1);
        inner.inScope(() => event(2, 2));
        inner.close();
        event(2, 3);
      });
      outer.close();
    },
  );
  assert.is(
    made,
    `TRACE root x=1
outer{id=7} 3.00ms
├─ INFO found 1 rows rows=1
├─ inner 1.00ms
│  └─ INFO found 2 rows rows=2
└─ INFO found 3 rows rows=3
`,
  );
  const bounded = written(
    (own) => tree({ ...own, clock: false, maxLines: 3, level: false, target: false }),
    () => {
      const outer = span(0, 7);
      outer.inScope(() => [1, 2, 3, 4, 5].forEach((n) => event(2, n)));
      outer.close();
    },
  );
  assert.is(bounded, "outer{id=7}\n├─ TIME found 1 rows rows=1\n└─ TIME found 2 rows rows=2\n… and 3 more\n");
});

test("timers: uptime, local time, any function, none (row 184)", () => {
  assert.match(uptime()(), /^ {0,3}\d+\.\d{9}s$/);
  const zone = process.env.TZ;
  try {
    process.env.TZ = "Asia/Kolkata";
    assert.is(localTime(() => new Date("2026-11-22T10:00:00.123Z"))(), "2026-11-22T15:30:00.123+05:30");
    process.env.TZ = "America/St_Johns";
    assert.is(localTime(() => new Date("2026-11-22T10:00:00.123Z"))(), "2026-11-22T06:30:00.123-03:30");
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
  assert.is(
    written(
      (own) => text({ ...own, timer: false }),
      () => event(5, null, 1),
    ),
    "TRACE app::db: root x=1\n",
  );
});

test("secret keeps a value out of every format; redact does it by name, at any depth, in any case", () => {
  const hidden = "hunter2";
  const outputs: Output[] = [
    text,
    compact,
    pretty,
    json,
    (own) => json({ ...own, flatten: true }),
    (own) => json({ ...own, shape: pinoShape() }),
    (own) => json({ ...own, shape: ecsShape() }),
    (own) => json({ ...own, shape: otelShape() }),
  ];
  const restore = redact("path", /^pass/i, "token", "name");
  try {
    for (const output of outputs) {
      const made = written(output, () => {
        event(2, secret(hidden), hidden);
        event(5, null, {
          Password: hidden,
          deep: [{ TOKEN: hidden, map: new Map([["token", hidden]]) }],
          open: "open",
        });
        event(3, Object.assign(new Error("e"), { passphrase: hidden }));
        event(4, "an error by its name", new Error(hidden, { cause: new Error(hidden) }), 1);
        span(0, secret(hidden)).inScope(() => event(5, undefined, 1));
      });
      assert.not.match(made, hidden);
      assert.match(made, "[secret]");
      assert.match(made, "[redacted]");
      assert.match(made, "open");
    }
    assert.match(
      written(text, () => event(2, 1, hidden)),
      "path=[redacted]\n",
    );
  } finally {
    restore();
  }
  assert.match(
    written(text, () => event(2, 1, hidden)),
    `path="${hidden}"`,
  );
});

test("NO_COLOR and FORCE_COLOR (row 179)", () => {
  const program =
    'import { registry, compact, trace } from "dtracing"; registry().with(compact({ timer: false })).init(); trace.info("x");';
  const run = (env: Record<string, string>): string =>
    spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "", ...env },
    }).stdout;
  assert.not.match(run({}), "\x1b");
  assert.match(run({ FORCE_COLOR: "1" }), "\x1b[32m INFO");
  assert.not.match(run({ FORCE_COLOR: "0" }), "\x1b");
  assert.not.match(run({ FORCE_COLOR: "1", NO_COLOR: "1" }), "\x1b");
  assert.match(run({ FORCE_COLOR: "1", NO_COLOR: "" }), "\x1b[32m INFO");
});

// eslint-disable-next-line no-control-regex
const raw = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

test("whatever string is in whatever place, a line stays one line, and JSON parses back", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.string({
      unit: fc.constantFrom(
        "\n",
        "\r",
        "\x1b[2J",
        "\x07",
        "\u2028",
        "\u202e",
        "\u009b",
        "\ud800",
        '"',
        "\\",
        "{",
        "}",
        "a",
        "\0",
      ),
    }),
  );
  fc.assert(
    fc.property(nasty, nasty, nasty, (a, b, c) => {
      const $nasty = sites(
        [["span", 3, 1, 1, ["f"], a], ["event", 3, 2, 1, [b === "" ? "f" : b, "...", "message"], undefined, c]],
        a, b, c,
      ); // prettier-ignore
      const values = [{ [a]: b, nested: [c] }, { [c]: a, error: new Error(b, { cause: c }), d: display(a) }, c];
      const run = (): void =>
        ($dt.span($nasty, 0)?.(b) ?? $dt.none).inScope(() => void $dt.event($nasty, 1)?.(...values));
      for (const output of [text, compact, (own) => spanEvents(text(own) as Layer, "new")] as Output[]) {
        const made = written(output, run);
        assert.not.match(made, raw);
        for (const line of made.split("\n").slice(0, -1)) assert.match(line, /^TIME {2}INFO /);
      }
      const made = written(
        (own) => tree({ ...own, level: false }),
        () => void $dt.event($nasty, 1)?.(...values),
      );
      assert.match(made, /^TIME [^\n]*\n$/);
      for (const options of [
        {},
        { flatten: true },
        { shape: pinoShape() },
        { shape: ecsShape() },
        { shape: otelShape() },
      ]) {
        const line = written((own) => json({ ...own, ...options }), run);
        assert.is(line.indexOf("\n"), line.length - 1);
        assert.not.match(line, raw);
        const parsed = JSON.parse(line) as Record<string, any>;
        if (options.flatten === undefined && !("shape" in options)) {
          assert.is(parsed.fields.message, wellFormed(c));
          assert.is(parsed.span.name, wellFormed(a));
          assert.is(parsed.target, wellFormed(a));
        }
      }
      for (const line of written(pretty, run).split("\n").slice(0, -1)) assert.match(line, /^( {2}TIME| {4}|$)/);
    }),
    { numRuns: 150 },
  );
});

test("what takes bytes gets the text that a function gets", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom("a long text of ASCII only ", '"', "\\", "\n", "\x7f", "é", "\u2028", "東京", "😀", "\udc00"),
  );
  const anyText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  const anyNumber = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(-0, 1e9, 1e15, -1e9));
  const anyValue = fc.oneof(anyText, anyNumber, fc.boolean(), fc.object({ key: anyText, maxDepth: 2 }));
  const outputs: Output[] = [
    text,
    (own) => text({ ...own, ansi: true } as unknown as typeof own),
    compact,
    pretty,
    json,
    (own) => json({ ...own, flatten: true }),
    (own) => json({ ...own, shape: pinoShape({ now: () => 1_763_805_600_123 }) }),
    (own) => json({ ...own, shape: ecsShape({ timer }) }),
    (own) => json({ ...own, shape: otelShape({ now: () => 1n }) }),
    (own) =>
      json({ ...own, shape: ({ message, fields }, put) => put("all", JSON.stringify([message, ...fields.keys()])) }),
  ];
  fc.assert(
    fc.property(anyText, anyText, anyValue, anyValue, (a, b, c, d) => {
      const $any = sites([["span", 3, 1, 1, ["f"], a], ["event", 3, 2, 1, ["x", "y"], "{x} and {y}"], ["event", 3, 3, 1, ["...", "message"]]], b); // prettier-ignore
      const run = (): void =>
        ($dt.span($any, 0)?.(c) ?? $dt.none).inScope(() => {
          $dt.event($any, 1)?.(c, d);
          $dt.event($any, 2)?.({ [a]: c, y: d }, b);
        });
      for (const output of outputs) {
        const taken: Uint8Array[] = [];
        const sink = {
          write: (bytes: Uint8Array, from: number) => (taken.push(bytes.slice(from)), bytes.length - from),
        };
        const writer = buffered(sink, { signals: false, size: 64 });
        alone(registry().with(output({ ...plain, writer })), run);
        writer.flush();
        const bytes = Buffer.concat(taken).toString();
        // no diff: of long lines that takes all the memory there is
        const text = written(output, run);
        assert.ok(bytes === text, `${bytes}\nis not\n${text}`);
      }
    }),
    { numRuns: 150 },
  );
});

test("what has to be escaped is, wherever it is in a long string", () => {
  const pieces = ['"', "\\", "\n\t", "\0", "\x7f", "\x80", "\x9f", "é", "\u2028", "\u2069", "\u206a", "東", "\ufffd", "😀", "\ud83d", "\udc00"]; // prettier-ignore
  for (const piece of pieces) {
    for (const before of [0, 17, 18, 19, 20, 21, 430, 4092, 4093, 4094, 4095, 4096, 8191]) {
      for (const all of [`${"a".repeat(before)}${piece}${"b".repeat(21)}`, `${"é".repeat(before)}${piece.repeat(7)}`]) {
        for (const isQuoted of [true, false]) {
          const line = new ByteLine();
          line.byte(0x5b);
          line.escaped(all, isQuoted);
          assert.is(
            line.text(1),
            textBy((line) => line.escaped(all, isQuoted)),
            `${JSON.stringify(piece)} at ${before}`,
          );
        }
      }
    }
  }
});

/** JSON.stringify escapes lone surrogates, so they come back as they were. */
function wellFormed(text: string): string {
  return text;
}

test.run();
