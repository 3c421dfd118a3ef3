/** What EnvFilter lets through, on callsites as the build makes them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Metadata, Span } from "dtracing";
import { Empty, Interest, debug, display, envFilter, registry, targets, withFilter } from "dtracing";
import * as $dt from "dtracing/internal";
import { pathToFileURL } from "node:url";
import { covers } from "../runtime/subscriber/env/directive.ts";
import { bundlers, project } from "./helpers/build.ts";
import { alone, layer, sites } from "./helpers/record.ts";

const levels = ["", "error", "warn", "info", "debug", "trace"];

/** One event of each level for a target, by level. */
function events(target = "app", fields = ""): (level: number, ...values: unknown[]) => void {
  const $sites = sites(
    [1, 2, 3, 4, 5].map((level) => ["event", level, level, 1, fields, levels[level]] as never),
    target,
  );
  return (level, ...values) => void $dt.event($sites, level - 1)?.(...values);
}

function span(name: string, fields = "", level = 3, target = "app"): (...values: unknown[]) => Span {
  const $sites = sites([["span", level as 3, 1, 1, fields, name]], target);
  return (...values) => $dt.span($sites, 0)?.(...values) ?? $dt.none;
}

/** What passes a filter, as the filter of one layer and as one for everybody; both must say the same. */
function passes(filter: string, f: (event: ReturnType<typeof events>) => void): string[] {
  const event = events();
  const logs = [true, false].map((own) => {
    const log: string[] = [];
    const events = layer(log, "", { onNewSpan() {}, onEnter() {}, onExit() {}, onClose() {} });
    const made = envFilter(filter);
    alone(own ? registry().with(withFilter(events, made)) : registry().with(events).with(made), () => f(event));
    return log;
  });
  assert.equal(logs[0], logs[1], `${filter}: as a layer's own filter and for everybody`);
  return logs[0]!;
}

/** The levels that pass, with a prefix of spans. */
const all = (event: (level: number) => void) => (): void => [1, 2, 3, 4, 5].forEach((level) => event(level));

test("a bare level is for every target, and off is nothing", () => {
  assert.equal(
    passes("info", (event) => all(event)()),
    ["error", "warn", "info"],
  );
  assert.equal(
    passes("off", (event) => all(event)()),
    [],
  );
  assert.equal(
    passes("", (event) => all(event)()),
    ["error"],
  );
});

test("the most specific target decides, more or less verbose, whatever the order (rows 155, 156)", () => {
  for (const text of ["info,app=debug", "app=debug,info"]) {
    assert.equal(
      passes(text, (event) => all(event)()),
      ["error", "warn", "info", "debug"],
    );
  }
  for (const text of ["trace,app=warn", "app=warn,trace"]) {
    assert.equal(
      passes(text, (event) => all(event)()),
      ["error", "warn"],
    );
  }
  const db = events("app::db");
  assert.equal(
    passes("app=trace,app::db=error", () => all(db)()),
    ["error"],
  );
});

test("targets match by segments; * is any text (row 157)", () => {
  const other = events("apple");
  assert.equal(
    passes("app", () => all(other)()),
    [],
  );
  assert.equal(
    passes("app*", () => other(5)),
    ["trace"],
  );
  assert.equal(
    passes("a*e=info", () => all(other)()),
    ["error", "warn", "info"],
  );
  const db = events("app::db::pool");
  for (const text of ["app", "app::db", "*::db", "app::*::pool", "*::pool"])
    assert.equal(
      passes(text, () => db(5)),
      ["trace"],
      text,
    );
  for (const text of ["app::d", "*::d", "app::*::poo", "db"])
    assert.equal(
      passes(text, () => db(5)),
      [],
      text,
    );
});

test("npm names and node: modules are targets (row 152)", () => {
  for (const target of ["@scope/pkg", "@scope/pkg::a", "@scope/pkg/sub"]) {
    const event = events(target);
    assert.equal(
      passes("@scope/pkg=info", () => all(event)()),
      ["error", "warn", "info"],
      target,
    );
  }
  const fs = events("node:fs");
  assert.equal(
    passes("node:fs=warn", () => all(fs)()),
    ["error", "warn"],
  );
});

test("inside a matching span, events of any target pass up to its level (row 159)", () => {
  const request = span("request");
  const db = events("db");
  const made = passes("warn,[request]=debug", (event) => {
    event(4);
    request().inScope(() => (event(4), event(5), db(4)));
    event(4);
  });
  assert.equal(made, ["request:debug", "request:debug"]);
});

test("the target of a span directive is that of the span", () => {
  const ours = span("request", "", 3, "app::http");
  const foreign = span("request", "", 3, "other");
  const made = passes("off,app[request]=debug", (event) => {
    ours().inScope(() => event(4));
    foreign().inScope(() => event(4));
  });
  assert.equal(made, ["request:debug"]);
});

test("a span of a directive is always enabled below the greatest level of all (row 160)", () => {
  const filter = envFilter("info,[quiet]=error");
  const meta = (name: string, level: number): Metadata =>
    ({ kind: "span", name, level, target: "a", layout: [], fields: [] }) as never;
  assert.is(filter.registerCallsite(meta("quiet", 3)), Interest.ALWAYS);
  assert.is(filter.registerCallsite(meta("loud", 1)), Interest.ALWAYS);
  assert.is(filter.registerCallsite(meta("loud", 4)), Interest.NEVER);
  assert.is(filter.maxLevelHint(), 3);
});

test("a span that is nested in a matching one, and its events, pass too", () => {
  const outer = span("outer");
  const inner = span("inner", "", 4);
  const made = passes("warn,[outer]=debug", (event) => outer().inScope(() => inner().inScope(() => event(4))));
  assert.equal(made, ["outer:inner:debug"]);
});

test("a span directive can make less verbose what a less specific one enables (row 170)", () => {
  const noisy = span("noisy", "", 1);
  const run = (event: (level: number) => void): void => {
    all(event)();
    noisy().inScope(all(event));
  };
  assert.equal(passes("info,[noisy]=error", run), ["error", "warn", "info", "noisy:error"]);
  assert.equal(passes("info,[noisy]=off", run), ["error", "warn", "info"]);
  // the longer target is more specific than a span without one
  assert.equal(passes("app=warn,[noisy]=error", run), ["error", "warn", "noisy:error", "noisy:warn"]);
  assert.equal(passes("app=warn,app[noisy]=error", run), ["error", "warn", "noisy:error"]);
});

test("of nested spans any one that is verbose enough lets an event pass, as in Rust", () => {
  const outer = span("outer");
  const inner = span("inner");
  const made = passes("off,[outer]=trace,[inner]=info", (event) =>
    outer().inScope(() => inner().inScope(() => event(5))),
  );
  assert.equal(made, ["outer:inner:trace"]);
});

test("values of a span: numbers by value, texts as a whole, patterns anchored (rows 161, 162)", () => {
  const request = span("request", "v");
  const matching = (filter: string, value: unknown): boolean =>
    passes(`off,[request{v=${filter}}]=debug`, (event) => request(value).inScope(() => event(4))).length > 0;
  const yes: [string, unknown][] = [
    ["7", 7], ["7", 7n], ["7.0", 7], ["7e0", 7], ["-1", -1], ["NaN", NaN], ["0", -0], ["1.5", 1.5],
    ["9007199254740993", 9007199254740993n], ["true", true], ["false", false], ["bob", "bob"], ['"bob"', "bob"],
    ["bo.*", "bobby"], ["/ob/", "bobby"], ["/OB/i", "bobby"], ["/users", "/users"], ['"a, b}"', "a, b}"], ["a|b", "b"],
    ["bob", display("bob")], ["bob", debug("bob")], ['"{\\"a\\":1}"', { a: 1 }], ['"null"', null], ['""', ""], ["x=y", "x=y"],
  ]; // prettier-ignore
  const no: [string, unknown][] = [
    ["7", 8], ["7", "7"], ["7", "77"], ["9007199254740993", 9007199254740992n], ["true", "true"], ["true", false],
    ["bo", "bob"], ["ob", "bob"], ['"bo"', "bob"], ["bob", undefined], ["bob", Empty], ['""', "x"], ["a|b", "ab"], ["1", true],
  ]; // prettier-ignore
  for (const [filter, value] of yes) assert.ok(matching(filter, value), `${filter} is ${String(value)}`);
  for (const [filter, value] of no) assert.not(matching(filter, value), `${filter} is not ${String(value)}`);
});

test("several fields must all match (#1584)", () => {
  const request = span("request", "a,b");
  const run = (event: (level: number) => void): void => {
    request(1, 2).inScope(() => event(4));
    request(1, 3).inScope(() => event(4));
    request(1, undefined).inScope(() => event(4));
  };
  assert.is(passes("off,[request{a=1,b=2}]=debug", run).length, 1);
  assert.is(passes("off,[{ a=1, b = 2 }]=debug", run).length, 1);
  assert.is(passes("off,[request{a=1}]=debug", run).length, 3);
  assert.is(passes("off,[request{a=1,c=1}]=debug", run).length, 0);
});

test("a value that is recorded later activates a directive, and deactivates it", () => {
  const request = span("request", "user");
  const made = passes("off,[request{user=bob}]=debug", (event) => {
    const made = request(Empty);
    made.inScope(() => {
      event(4);
      made.record("user", "bob");
      event(4);
      made.record("user", "eve");
      event(4);
    });
  });
  assert.equal(made, ["request:debug"]);
});

test("of the directives for one span the most specific that matches decides", () => {
  const request = span("request", "path");
  const made = passes("info,[request]=debug,[request{path=/health}]=off", (event) => {
    request("/users").inScope(() => event(4));
    request("/health").inScope(() => all(event)());
  });
  assert.equal(made, ["request:debug"]);
});

test("events by field name and by field value (row 158, #3392)", () => {
  const event = events("app", "status");
  const other = events("app", "code");
  const run = (): void => {
    event(3, 500);
    event(3, 200);
    event(3, undefined);
    other(3, 500);
  };
  assert.equal(passes("off,[{status}]=info", run), ["info status=500", "info status=200", "info"]);
  assert.equal(passes("off,[{status=500}]=info", run), ["info status=500"]);
  assert.equal(passes("off,[{status=/^5/}]=info", run), ["info status=500"]);
  assert.equal(passes("off,[{status=500}]=warn", run), []);
  assert.equal(passes("info,[{status=200}]=off", run), ["info status=500", "info", "info code=500"]);
  assert.equal(passes("off,app[{status=500}]=info,db[{status}]=info", run), ["info status=500"]);
});

test("the message is a field, and open sets are asked for their names", () => {
  const $sites = sites([
    ["event", 3, 1, 1, "...,n", "static {n}"],
    ["event", 3, 2, 1, "message", undefined],
  ]);
  const run = (): void => {
    $dt.event($sites, 0)?.({ a: 1 }, 1);
    $dt.event($sites, 0)?.({ b: 1 }, 2);
    $dt.event($sites, 1)?.("dynamic");
  };
  assert.equal(passes('off,[{message="static 1"}]', run), ["static 1 a=1 n=1"]);
  assert.equal(passes("off,[{message=dyn.*}]", run), ["dynamic"]);
  assert.equal(passes("off,[{a}]", run), ["static 1 a=1 n=1"]);
  assert.equal(passes("off,[{b=1}]", run), ["static 2 b=1 n=2"]);
});

test("a directive that was added enables an event (row 166)", () => {
  assert.equal(
    passes(`${envFilter("off").with("app=debug")}`, (event) => event(4)),
    ["debug"],
  );
});

test("the hint is the most verbose level, and TRACE where values are asked for (row 168)", () => {
  const hint = (text: string): number | undefined => envFilter(text).maxLevelHint();
  assert.equal([hint("info"), hint("off"), hint("info,a=debug"), hint("info,[s]=debug")], [3, 0, 4, 4]);
  assert.equal([hint("[{f}]=info"), hint("info,[{f=1}]=off"), hint("[s{f=x}]=warn")], [3, 5, 5]);
});

test("only what depends on spans or values is asked each time", () => {
  const event = (level: number, layout: string[] = []): Metadata =>
    ({ kind: "event", name: "e", level, target: "app", layout, fields: layout }) as never;
  const interest = (text: string, ...of: Parameters<typeof event>): number =>
    envFilter(text).registerCallsite(event(...of));
  assert.is(interest("info", 3), Interest.ALWAYS);
  assert.is(interest("info", 4), Interest.NEVER);
  assert.is(interest("info,[s]=debug", 3), Interest.ALWAYS);
  assert.is(interest("info,[s]=debug", 4), Interest.SOMETIMES);
  assert.is(interest("info,[s]=debug", 5), Interest.NEVER);
  assert.is(interest("info,[s]=warn", 3), Interest.SOMETIMES);
  assert.is(interest("info,[s]=warn", 2), Interest.ALWAYS);
  assert.is(interest("off,[{f}]=info", 3, ["f"]), Interest.ALWAYS);
  assert.is(interest("off,[{f=1}]=info", 3, ["f"]), Interest.SOMETIMES);
  assert.is(interest("off,[{f=1}]=info", 4, ["f"]), Interest.NEVER);
});

test("two layers with their own filters, one with spans, do not disturb each other (row 169)", () => {
  const a: string[] = [];
  const b: string[] = [];
  const request = span("request");
  const event = events();
  const quiet = { onNewSpan() {}, onEnter() {}, onExit() {}, onClose() {} };
  alone(
    registry()
      .with(withFilter(layer(a, "", quiet), envFilter("off,[request]=debug")))
      .with(withFilter(layer(b, "", quiet), targets("info"))),
    () => request().inScope(() => (event(4), event(3))),
  );
  assert.equal([a, b], [["request:debug", "request:info"], ["request:info"]]);
});

test("on a program that a bundler built, with async spans", async () => {
  const { folder, write, close } = project();
  try {
    write(
      "src/main.ts",
      `import { trace } from "dtracing";
      export async function handle(id: number, path: string): Promise<void> {
        using _request = trace.infoSpan!("request", { id, path }).entered();
        trace.debug!("begin");
        await query(id);
        trace.debug!({ id }, "end");
      }
      async function query(id: number): Promise<void> {
        using _q = trace.debugSpan!("query").entered();
        await null;
        trace.trace!({ rows: id * 10 }, "rows");
      }`,
    );
    const file = await bundlers.esbuild(folder, "src/main.ts");
    const program = (await import(pathToFileURL(file).href)) as { handle(id: number, path: string): Promise<void> };
    const run = async (filter: string): Promise<string[]> => {
      const log: string[] = [];
      const quiet = { onNewSpan() {}, onEnter() {}, onExit() {}, onClose() {} };
      await alone(registry().with(withFilter(layer(log, "", quiet), envFilter(filter))), () =>
        Promise.all([program.handle(1, "/a"), program.handle(2, "/b")]),
      );
      return log.sort();
    };
    assert.equal(await run("info"), []);
    assert.equal(await run("info,[request{id=2}]=trace"), [
      "request:begin",
      "request:end id=2",
      "request:query:rows rows=20",
    ]);
    assert.equal(await run("info,[query]=trace"), ["request:query:rows rows=10", "request:query:rows rows=20"]);
    assert.equal(await run("off,[{rows=10}]=trace"), ["rows rows=10"]);
    assert.equal(await run("fixture=debug,fixture[request{path=/a}]=info"), ["request:begin", "request:end id=2"]);
  } finally {
    close();
  }
});

test("a directive covers what its target begins with, up to the end of a segment, whatever the separators are", () => {
  const patterns = ["a", "a::b", "a::b::c", "a.b", "a/b", "ab", "a:", "a*", "*b", "*"];
  for (const target of ["a", "a::b", "a::bc", "a::b::c::d", "a.b/c", "a/b", "ab", "abc", "a:b", "b", "*"]) {
    for (const pattern of patterns) {
      const interest = envFilter(`off,${pattern}=info`).registerTarget!(target, 3);
      assert.is(interest, covers(pattern, target) ? Interest.ALWAYS : Interest.NEVER, `${pattern} and ${target}`);
    }
  }
});

test.run();
