/** What a tracer sees of every kind of value: never a crash, never a lie. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { notesOf } from "./helpers/usdt-notes.ts";
import { buildProgram, run } from "./helpers/usdt-program.ts";
import { tracerTest } from "./helpers/usdt-tools.ts";
import { attach } from "./helpers/usdt-tracefs.ts";

/** `[source of the value, how the tracer reads it, what it reads, what the JSON has]` */
const matrix: readonly (readonly [source: string, kind: "s" | "d", read: string, json: string | undefined])[] = [
  ["0", "d", "0", "0"],
  ["-0", "d", "0", "0"],
  ["Number.MAX_SAFE_INTEGER", "d", "9007199254740991", "9007199254740991"],
  ["Number.MIN_SAFE_INTEGER", "d", "-9007199254740991", "-9007199254740991"],
  ["-(2 ** 62)", "d", String(-(2n ** 62n)), String(-(2 ** 62))],
  ["2 ** 63", "s", "9223372036854776000", "9223372036854776000"],
  ["1e300", "s", "1e+300", "1e+300"],
  ["0.5", "s", "0.5", "0.5"],
  ["NaN", "s", "NaN", '"NaN"'],
  ["-Infinity", "s", "-Infinity", '"-Infinity"'],
  ["9223372036854775807n", "d", "9223372036854775807", '"9223372036854775807"'],
  ["-9223372036854775808n", "d", "-9223372036854775808", '"-9223372036854775808"'],
  ["18446744073709551615n", "d", "-1", '"18446744073709551615"'],
  ["2n ** 64n", "s", "18446744073709551616", '"18446744073709551616"'],
  ["true", "d", "1", "true"],
  ["false", "d", "0", "false"],
  ['""', "s", "", '""'],
  ['"plain"', "s", "plain", '"plain"'],
  ['"ü 日本 😀"', "s", "ü 日本 😀", '"ü 日本 😀"'],
  ['"a\\ud800b"', "s", "a\ufffdb", '"a\\\\ud800b"'],
  ['"a\\0b"', "s", "a\u2400b", '"a\\\\u0000b"'],
  ["null", "s", "null", "null"],
  ["undefined", "d", "0", undefined],
  ["{ a: [1, { b: true }] }", "s", '{"a":[1,{"b":true}]}', '{"a":[1,{"b":true}]}'],
  ["cycle", "s", '{"self":[Circular]}', '{"self":"[Circular]"}'],
  [
    "{ get bad(): number { throw new Error('no'); } }",
    "s",
    '{"bad":"[threw Error: no]"}',
    '{"bad":"[threw Error: no]"}',
  ],
  ["new Error('broken')", "s", "Error: broken", undefined],
  [
    "new Proxy({}, { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); } })",
    "s",
    "[threw Error: trap]",
    '"[threw Error: trap]"',
  ],
  ["Symbol('s')", "s", "Symbol(s)", '"Symbol(s)"'],
  ["new Date(0)", "s", "1970-01-01T00:00:00.000Z", '"1970-01-01T00:00:00.000Z"'],
];

const source = `
import { trace } from "dtracing";
const cycle: Record<string, unknown> = {}; cycle.self = cycle;
const values: (() => unknown)[] = [${matrix.map(([value]) => `() => (${value})`).join(",\n")}];
on("fire", (at: number) => { const value = values[at]!(); trace.info!({ value }, "matrix"); });
on("long", (length: number) => { trace.info!({ long: "€".repeat(length) }, "long"); });
let built = 0;
on("costly", () => { trace.info!({ a: ++built }, "costly"); return built; });
on("reenter", () => {
  const value = { toJSON() { trace.info!({ value: 1 }, "matrix"); return "inner"; } };
  trace.info!({ value }, "matrix");
});
on("many", () => {
  const rest = { f: 6, g: "seven" };
  trace.error!({ a: 1, b: "two", c: 3n, d: false, e: 5, ...rest }, "{a} of {b}");
});
`;
const built = await buildProgram(source);
test.after(built.close);
const note = (name: string) => notesOf(built.probes).find((one) => one.name === name)!;

tracerTest("the matrix of values", ["root", "readelf"], async () => {
  const program = await run(built.file);
  try {
    for (const kind of ["s", "d"] as const) {
      const trace = attach(built.probes, note("main__matrix"), `s${kind}ddds`);
      const rows = matrix.map((row, at) => ({ row, at })).filter(({ row }) => row[1] === kind);
      for (const { at } of rows) await program.call("fire", at);
      const hits = trace.hits();
      trace.detach();
      assert.is(hits.length, rows.length);
      rows.forEach(({ row: [value, , read, json] }, at) => {
        const [message, argument, , , , all] = hits[at]!;
        assert.is(message, "matrix");
        assert.is(argument, read, value);
        if (json !== undefined) assert.is(all, `{"value":${json.replaceAll("\\\\", "\\")}}`, value);
      });
    }
  } finally {
    await program.stop();
  }
});

tracerTest("long text ends in an ellipsis, at a whole character", ["root", "readelf"], async () => {
  const program = await run(built.file);
  try {
    const trace = attach(built.probes, note("main__long"), "ss");
    for (const length of [100, 341, 342, 10_000]) await program.call("long", length);
    const texts = trace.hits().map(([, text]) => text!);
    trace.detach();
    assert.equal(texts, ["€".repeat(100), "€".repeat(341), "€".repeat(340) + "…", "€".repeat(340) + "…"]);
  } finally {
    await program.stop();
  }
});

tracerTest(
  "arguments are built only while a tracer is attached; a toJSON that logs does not come back",
  ["root", "readelf"],
  async () => {
    const program = await run(built.file);
    try {
      assert.is(await program.call("costly"), 0);
      const costly = attach(built.probes, note("main__costly"), "sd");
      assert.is(await program.call("costly"), 1);
      assert.equal(costly.hits(), [["costly", "1"]]);
      costly.detach();
      assert.is(await program.call("costly"), 1);
      const trace = attach(built.probes, note("main__matrix_2"), "ss");
      await program.call("reenter");
      assert.equal(trace.hits(), [["matrix", '"inner"']]);
      trace.detach();
    } finally {
      await program.stop();
    }
  },
);

tracerTest("the message and four fields, then all of them as JSON", ["root", "readelf"], async () => {
  const program = await run(built.file);
  try {
    const trace = attach(built.probes, note("main__a_of_b"), "sdsdds");
    await program.call("many");
    assert.equal(trace.hits(), [
      ["1 of two", "1", "two", "3", "0", '{"a":1,"b":"two","c":3,"d":false,"e":5,"f":6,"g":"seven"}'],
    ]);
    trace.detach();
  } finally {
    await program.stop();
  }
});

test.run();
