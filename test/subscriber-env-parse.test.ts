/** The grammar of EnvFilter: what a text stands for, or exactly what is wrong with it. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { envFilter, envFilterFromEnv } from "dtracing";
import { FilterError } from "../runtime/subscriber/env/filter-error.ts";
import { parseFilter } from "../runtime/subscriber/env/parse.ts";
import { printFilter } from "../runtime/subscriber/env/print.ts";
import { said } from "./helpers/record.ts";

const legal = "use off, error, warn, info, debug, trace or 0 to 5";

type Case = readonly [text: string, outcome: string];
const cases: Case[] = [];

/** A test of texts and what their directives are, printed; after `!` the error without the place, and the column. */
function texts(name: string, given: readonly Case[]): void {
  cases.push(...given);
  test(name, () => {
    for (const [text, outcome] of given) {
      const made = outcome.startsWith("!") ? errorOf(text) : printFilter(parseFilter(text));
      assert.is(made, outcome === "=trace" ? "trace" : outcome, `the filter ${JSON.stringify(text)}`);
    }
  });
}

texts("levels in any case, as digits, and off; of two the later (row 151)", [
  ["", ""],
  [" ", ""],
  [",", ""],
  [" , ,, ", ""],
  ["info", "info"],
  ["INFO", "info"],
  ["Info", "info"],
  ["info ", "info"],
  ["\tinfo\n", "info"],
  ["off", "off"],
  ["OFF", "off"],
  ["error", "error"],
  ["warn", "warn"],
  ["debug", "debug"],
  ["trace", "trace"],
  ["0", "off"],
  ["1", "error"],
  ["2", "warn"],
  ["3", "info"],
  ["4", "debug"],
  ["5", "trace"],
  ["6", `!unknown level "6": ${legal} 1`],
  ["42", `!unknown level "42": ${legal} 1`],
  ["info,debug", "debug"],
  ["info,info", "info"],
  ["a=info,b=warn,a=debug", "b=warn,a=debug"],
]);

texts("a bare level is for everything, a bare target and one without a level are TRACE (row 150)", [
  ["info,app=warn", "info,app=warn"],
  ["app", "app=trace"],
  ["app=", "app=trace"],
  ["app =", "app=trace"],
  ["app=,db=warn", "app=trace,db=warn"],
  ["info=debug", "info=debug"],
  ["off=warn", "off=warn"],
  ['"info"', "info=trace"],
]);

texts("targets: npm names, paths, patterns, quoted ones (row 152)", [
  ["app=debug", "app=debug"],
  ["app=DEBUG", "app=debug"],
  ["app=4", "app=debug"],
  ["app=off", "app=off"],
  ["app = debug", "app=debug"],
  ["app::db=debug", "app::db=debug"],
  ["app::db::users=trace", "app::db::users=trace"],
  ["my-app=info", "my-app=info"],
  ["my_app=info", "my_app=info"],
  ["-app=info", "-app=info"],
  [":app=info", ":app=info"],
  ["_app=info", "_app=info"],
  ["@scope/pkg=info", "@scope/pkg=info"],
  ["@scope/pkg::a/b", "@scope/pkg::a/b=trace"],
  ["node:fs=debug", "node:fs=debug"],
  ["node:fs/promises=debug", "node:fs/promises=debug"],
  ["./src/a.ts=info", "./src/a.ts=info"],
  ["a.b.c=info", "a.b.c=info"],
  ["app*=info", "app*=info"],
  ["*::db=info", "*::db=info"],
  ["7up=info", "7up=info"],
  ["ünï=info", "ünï=info"],
  ["日本=info", "日本=info"],
  ['"two words"=info', '"two words"=info'],
  ['"a,b"', '"a,b"=trace'],
  ['"app"=info', "app=info"],
]);

texts("what is no directive is told with its column (row 154)", [
  ['""=info', '!invalid target "" 1'],
  ["=info", '!invalid target "": write target=level or a level 1'],
  ["info,=debug", '!invalid target "": write target=level or a level 6'],
  ["app=loud", `!unknown level "loud": ${legal} 5`],
  ["app=debgu", `!unknown level "debgu": ${legal}, did you mean "debug"? 5`],
  ["app=inf", `!unknown level "inf": ${legal}, did you mean "info"? 5`],
  ["app=warning", `!unknown level "warning": ${legal} 5`],
  ["app=6", `!unknown level "6": ${legal} 5`],
  ["app=-1", `!unknown level "-1": ${legal} 5`],
  ["app=1.5", `!unknown level "1.5": ${legal} 5`],
  ["info, app=loud", `!unknown level "loud": ${legal} 11`],
  ["a=b=info", `!unknown level "b": ${legal} 3`],
  ["a=info=debug", '!unexpected "=", a comma or the end was expected 7'],
  ["a b=info", '!unexpected "b", a comma or the end was expected 3'],
  ["info debug", `!unexpected "debug", a comma or the end was expected 6`],
  ["app=debug;db=info", `!unknown level "debug;db": ${legal} 5`],
  ["]", '!unexpected "]": write target[span{field=value}]=level 1'],
  ["{", '!unexpected "{": write target[span{field=value}]=level 1'],
  ["}", '!unexpected "}": write target[span{field=value}]=level 1'],
  ["foo}=info", '!unexpected "}", a comma or the end was expected 4'],
  ["foo]=info", '!unexpected "]", a comma or the end was expected 4'],
  ['app="info', "!a string without its closing quote 5"],
  ['"app=info', "!a string without its closing quote 1"],
  ['"a\\q"=info', '!the string "a\\q" is not written as in JSON 1'],
]);

texts("spans with special characters in their names; a ]{ is invalid (row 153)", [
  ["[span]", "[span]=trace"],
  ["[span]=info", "[span]=info"],
  ["[ span ] = info", "[span]=info"],
  ["app[span]=info", "app[span]=info"],
  ["app [span]=info", "app[span]=info"],
  ["app[span]=", "app[span]=trace"],
  ["app[span],info", "app[span]=trace,info"],
  ["[GET /users]=debug", "[GET /users]=debug"],
  ["[a,b]=debug", "[a,b]=debug"],
  ["[a=b]=debug", "[a=b]=debug"],
  ["[span-1_x.y:z!@#$%^&*()+<>?|~`';/]=debug", "[span-1_x.y:z!@#$%^&*()+<>?|~`';/]=debug"],
  ['["quoted"]=debug', "[quoted]=debug"],
  ['["a]b{c}"]=debug', '["a]b{c}"]=debug'],
  ['[" padded "]=debug', '[" padded "]=debug'],
  ['[say "hi"]=debug', '[say "hi"]=debug'],
  ["[info]=debug", "[info]=debug"],
  ["[]=info", "!nothing in the brackets: write [span], [{field}] or [span{field=value}] 1"],
  ["app[]", "!nothing in the brackets: write [span], [{field}] or [span{field=value}] 4"],
  ["[span", "!a [ without its ] 1"],
  ["app[span=info", "!a [ without its ] 4"],
  ["[span=info,b=warn", "!a [ without its ] 1"],
  ["[a[b]]", '!unexpected "[", a ] was expected 3'],
  ["[span}]=info", '!unexpected "}", a ] was expected 6'],
  ["[span]]=info", '!unexpected "]", a comma or the end was expected 7'],
  ["[a][b]=info", '!unexpected "[", a comma or the end was expected 4'],
  ["[span]info", '!unexpected "info", a comma or the end was expected 7'],
  ["[span]=loud", `!unknown level "loud": ${legal} 8`],
  ["[s]{f}=info", '!unexpected "{", a comma or the end was expected 4'],
]);

texts("the whole of target[span{field=value}]=level (row 149)", [
  ["[{f}]", "[{f}]=trace"],
  ["[{}]", "=trace"],
  ["[s{}]", "[s]=trace"],
  ["[{f}]=info", "[{f}]=info"],
  ["[{a,}]=info", "[{a}]=info"],
  ["[{user.name}]=info", "[{user.name}]=info"],
  ["[{http-status}]=info", "[{http-status}]=info"],
  ['[{"odd name"}]=info', '[{"odd name"}]=info'],
  ["[s{f}]=info", "[s{f}]=info"],
  ["a::b[s{f,g=1}]=info", "a::b[s{f,g=1}]=info"],
  ["[{f]=info", '!unexpected "]", a comma or a } was expected 4'],
  ["[{f", "!a { without its } 2"],
  ["[{f=1", "!a { without its } 2"],
  ["[{", "!a { without its } 2"],
  ["[{f}", "!a [ without its ] 1"],
  ["[{=1}]", '!unexpected "=", the name of a field was expected 3'],
  ["[{a b}]", '!unexpected "b", a comma or a } was expected 5'],
  ["[{,}]", '!unexpected ",", the name of a field was expected 3'],
  ["[s{f=1}]=info,[s{f=2}]=warn,[s{f=1}]=off", "[s{f=2}]=warn,[s{f=1}]=off"],
]);

texts("values: numbers, booleans, patterns, regular expressions, texts (row 161)", [
  ["[{a = 1 , b = 2}]=info", "[{a=1,b=2}]=info"],
  ["[{f=true}]", "[{f=true}]=trace"],
  ["[{f=false}]", "[{f=false}]=trace"],
  ["[{f=-1.5e3}]", "[{f=-1.5e3}]=trace"],
  ["[{f=NaN}]", "[{f=NaN}]=trace"],
  ["[{f=bob}]", "[{f=bob}]=trace"],
  ["[{f=bob.*}]", "[{f=bob.*}]=trace"],
  ["[{f=two words}]", "[{f=two words}]=trace"],
  ["[{f=a{2,3}}]", "[{f=a{2,3}}]=trace"],
  ["[{f=[a,b]}]", "[{f=[a,b]}]=trace"],
  ["[{f=(a|b),g=1}]", "[{f=(a|b),g=1}]=trace"],
  ["[{f=a\\}b}]", "[{f=a\\}b}]=trace"],
  ["[{f=/users}]", "[{f=/users}]=trace"],
  ["[{f=/users/7}]", "[{f=/users/7}]=trace"],
  ["[{f=/us,ers/i}]", "[{f=/us,ers/i}]=trace"],
  ["[{f=/a\\/b}/}]", "[{f=/a\\/b}/}]=trace"],
  ['[{f="bob"}]', '[{f="bob"}]=trace'],
  ['[{f=""}]', '[{f=""}]=trace'],
  ['[{f="a, b} ]"}]=info', '[{f="a, b} ]"}]=info'],
  ['[{f="say \\"hi\\"\\n"}]', '[{f="say \\"hi\\"\\n"}]=trace'],
  ['[{f="1"}]', '[{f="1"}]=trace'],
  ["[{f=}]", "!a value is missing after = 5"],
  ["[{f=,g}]", "!a value is missing after = 5"],
  ['[{f="x}]', "!a string without its closing quote 5"],
  ["[{f=*}]", "!Invalid regular expression: /^(?:*)$/: Nothing to repeat (quote a text that is no pattern) 5"],
  ["[{f=/a/g}]", "!the flag g is of no use here (quote a text that is no pattern) 5"],
  ["[{f=(}]", "!Invalid regular expression: /^(?:(}])$/: Unterminated group (quote a text that is no pattern) 5"],
]);

texts("white space, several fields, a=b, foo{f}: what Rust's parser gets wrong (row 171)", [
  [" info", "info"],
  ["info, foo=debug", "info,foo=debug"],
  ["info,foo=debug , bar = warn", "info,foo=debug,bar=warn"],
  ["foo{f}=info", '!unexpected "{", a comma or the end was expected 4'],
  ["[{a,b}]=info", "[{a,b}]=info"],
  ["[{ a , b }]=info", "[{a,b}]=info"],
  ["[{a=1,b=2}]", "[{a=1,b=2}]=trace"],
  ["[{f=a=b}]", "[{f=a=b}]=trace"],
]);

test("at least 120 texts", () => {
  console.log(`\nnote: ${cases.length} texts of filters with their outcome`);
  assert.ok(cases.length >= 120);
});

function errorOf(text: string): string {
  try {
    return printFilter(parseFilter(text));
  } catch (error) {
    assert.instance(error, FilterError);
    const { message, column, filter } = error as FilterError;
    const place = `; at column ${column} of the filter "${text}"`;
    assert.ok(message.endsWith(place), message);
    assert.is(filter, text);
    return `!${message.slice(0, -place.length)} ${column}`;
  }
}

const alphabet = [
  "app",
  "::",
  "info",
  "debug",
  ",",
  "=",
  "[",
  "]",
  "{",
  "}",
  '"',
  "/",
  "\\",
  " ",
  "\n",
  "*",
  "(",
  "1",
  "😀",
  "é",
];
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...alphabet), { maxLength: 24 }).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc
    .constantFrom(...cases.map(([text]) => text))
    .chain((text) =>
      fc
        .tuple(fc.nat(text.length), fc.constantFrom(...alphabet))
        .map(([at, extra]) => text.slice(0, at) + extra + text.slice(at)),
    ),
);

test("parsing throws nothing but its own error, and what is printed parses to the same (row 167)", () => {
  let parsed = 0;
  fc.assert(
    fc.property(anyText, (text) => {
      let directives;
      try {
        directives = parseFilter(text);
      } catch (error) {
        assert.instance(error, FilterError, String(error));
        const { column } = error as FilterError;
        assert.ok(column >= 1 && column <= text.length + 1, `column ${column} of ${JSON.stringify(text)}`);
        return;
      }
      parsed++;
      assert.equal(parseFilter(printFilter(directives)), directives, text);
    }),
    { numRuns: 20_000 },
  );
  console.log(`\nnote: of 20000 random texts ${parsed} are filters, which print as what they parse from`);
  assert.ok(parsed > 2_000, `only ${parsed} texts were filters at all`);
});

test("a lossy filter ignores what is invalid and tells it, a strict one throws (row 154)", () => {
  fc.assert(
    fc.property(anyText, (text) => void parseFilter(text, (error) => assert.instance(error, FilterError))),
    { numRuns: 5_000 },
  );
  const errors: string[] = [];
  const directives = parseFilter("app=loud,db=debug,[x=1,y=warn", (error) => void errors.push(error.message));
  assert.is(printFilter(directives), "db=debug,y=warn");
  assert.is(errors.length, 2);
  const told = said(() => assert.is(`${envFilter("app=loud,db=debug", { lossy: true })}`, "db=debug"));
  assert.match(told.join("\n"), /unknown level "loud".*; at column 5 of the filter "app=loud,db=debug"; it is ignored/);
  assert.throws(() => envFilter("app=loud,db=debug"), (error: Error) => error.name === "FilterError"); // prettier-ignore
});

test("nothing is ERROR, and another default is a choice (row 165)", () => {
  assert.is(`${envFilter("")}`, "error");
  assert.is(`${envFilter()}`, "error");
  assert.is(`${envFilter(" , ", { default: "off" })}`, "off");
  assert.is(`${envFilter("a=info", { default: "warn" })}`, "a=info");
});

test("from text, from the environment or any variable of it, with a default, strict or lossy (row 164)", () => {
  const { env } = process;
  try {
    env["DTRACING_LOG"] = "info,a=debug";
    env["OTHER_LOG"] = "b=loud,warn";
    assert.is(`${envFilterFromEnv()}`, "info,a=debug");
    assert.throws(() => envFilterFromEnv("OTHER_LOG"), 'unknown level "loud"');
    said(() => assert.is(`${envFilterFromEnv("OTHER_LOG", { lossy: true })}`, "warn"));
    delete env["OTHER_LOG"];
    assert.is(`${envFilterFromEnv("OTHER_LOG", { default: "debug" })}`, "debug");
    assert.is(`${envFilterFromEnv("OTHER_LOG")}`, "error");
  } finally {
    delete env["DTRACING_LOG"];
    delete env["OTHER_LOG"];
  }
  assert.is(`${envFilter("info,a=warn").with("a=debug,b=off")}`, "info,a=debug,b=off");
});

test.run();
