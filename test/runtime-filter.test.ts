/** Levels, targets, and the text they are parsed from. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Level, LevelFilter, levelFilter, levelName, parseLevel, parseLevelFilter, targets } from "dtracing";
import { defaultTarget } from "../runtime/target.ts";

test("levels parse in any case and as digits; nothing and nonsense are errors that name them", () => {
  assert.equal(["error", " WARN ", "Info", "4", "trace"].map(parseLevel), [1, 2, 3, 4, 5]);
  assert.equal(["off", "0", "OFF", "5"].map(parseLevelFilter), [0, 0, 0, 5]);
  assert.throws(() => parseLevel(""), 'unknown level "": use error, warn, info, debug, trace or 1 to 5');
  assert.throws(() => parseLevel("off"), 'unknown level "off"');
  assert.throws(() => parseLevelFilter("6"), 'unknown level "6": use off, error, warn, info, debug, trace or 0 to 5');
  assert.throws(() => levelFilter("loud" as never), 'unknown level "loud"');
  assert.is(levelName(Level.WARN), "WARN");
  assert.is(levelName(LevelFilter.OFF), "OFF");
});

test("the most specific target wins, by segments, whatever the order", () => {
  const filter = targets(" info , app::db=debug,app = warn ,app::db::users=off, other ");
  const levels = {
    app: 2,
    "app::http": 2,
    "app::db": 4,
    "app::db::pool": 4,
    "app::dbx": 2,
    "app::db::users": 0,
    "app::db::users::x": 0,
    other: 5,
    otherx: 3,
    x: 3,
  };
  for (const [target, level] of Object.entries(levels)) assert.is(filter.levelOf(target), level, target);
  assert.is(filter.maxLevelHint(), 5);
});

test("all four separators end a segment", () => {
  const filter = targets("@scope/pkg=debug,node:http=info,a.b=warn");
  const levels = {
    "@scope/pkg": 4,
    "@scope/pkg/x": 4,
    "@scope/pkg::x": 4,
    "@scope/pkgx": 0,
    "node:http": 3,
    "a.b.c": 2,
    "a.bc": 0,
  };
  for (const [target, level] of Object.entries(levels)) assert.is(filter.levelOf(target), level, target);
});

test("of two entries for one target, and of two defaults, the later wins", () => {
  assert.is(targets("a=info,a=debug").levelOf("a"), 4);
  assert.is(targets("info,warn").levelOf("a"), 2);
});

test("nothing is off, and data does what text does", () => {
  assert.is(targets("").levelOf("a"), 0);
  assert.is(targets("").maxLevelHint(), 0);
  const filter = targets({ default: "warn", targets: { "app::db": Level.DEBUG, noisy: "off" } });
  assert.equal(["x", "app::db", "noisy"].map(filter.levelOf), [2, 4, 0]);
});

test("it prints as what it could be parsed from", () => {
  for (const text of ["info", "off", "info,app::db=debug", "a=off", "@s/p=trace,a=warn"]) {
    assert.is(String(targets(String(targets(text)))), String(targets(text)));
    assert.is(String(targets(text)), text);
  }
});

test("errors name the value, the column and the whole", () => {
  assert.throws(
    () => targets("info, app=loud"),
    'unknown level "loud": use off, error, warn, info, debug, trace or 0 to 5; at column 7 of the filter "info, app=loud"',
  );
  assert.throws(() => targets("a=info,=debug"), 'invalid target "" at column 8');
  assert.throws(() => targets("a b=info"), 'invalid target "a b" at column 1');
  assert.throws(() => targets("9"), 'unknown level "9"');
});

test("default targets come from the package and the path", () => {
  const cases: [string, string][] = [
    ["src/db/users.ts", "app::db::users"],
    ["src/index.ts", "app"],
    ["dist\\db\\index.js", "app::db"],
    ["lib/a.test.tsx", "app::a.test"],
    ["src/src/a.ts", "app::src::a"],
    ["server.mjs", "app::server"],
    ["./a.ts", "app::a"],
    ["src.ts", "app::src"],
  ];
  for (const [path, target] of cases) assert.is(defaultTarget("app", path), target, path);
  assert.is(defaultTarget("", "a/b.js"), "a::b");
});

test.run();
