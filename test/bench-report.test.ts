/** What the benchmark makes of numbers: ratios of the same round, doubts, plots, instructions. */
import { test } from "uvu";
import * as assert from "uvu/assert";

/** The bench is plain JavaScript. */
const load = async (name: string): Promise<any> => import(new URL(`../bench/${name}.mjs`, import.meta.url).href);

const data = {
  nodes: { 24: "v24.0.0" },
  groups: {
    lines: {
      24: {
        "json | lean | ours": [{ ns: 10 }, { ns: 20 }, { ns: 40 }],
        "json | lean | theirs": [{ ns: 40 }, { ns: 80 }, { ns: 160 }],
        "json | lean | nothing": [{ ns: 5 }, { ns: 10 }, { ns: 20 }],
      },
    },
  },
};

test("a ratio is made of cells of the same round, above the baseline where there is one", async () => {
  const { rowsOf } = await load("data");
  const of = (table: object): any =>
    rowsOf(data, "lines", { id: "json", reference: "ours", ...table }, "24")[0].entries;
  assert.equal(of({}).find((entry: any) => entry.variant === "theirs").ratio.max, 4);
  assert.equal(of({ baseline: "nothing" }).find((entry: any) => entry.variant === "theirs").ratio.min, 7);
});

test("a ratio whose quartiles lie on both sides of 1 is unresolved", async () => {
  const { isUnresolved, ratio } = await load("statistics");
  assert.is(isUnresolved(ratio([9, 9, 10, 11, 11], [10, 10, 10, 10, 10])), true);
  assert.is(isUnresolved(ratio([8, 8, 9, 9, 9], [10, 10, 10, 10, 10])), false);
  assert.is(isUnresolved(ratio([11, 11, 12, 13, 13], [10, 10, 10, 10, 10])), false);
});

test("of several runs the last one counts, cell by cell", async () => {
  const { merge } = await load("data");
  const later = { ...data, rounds: 2, groups: { lines: { 24: { "json | lean | ours": [{ ns: 1 }] } } } };
  const cells = merge([{ ...data, rounds: 5 }, later]).groups.lines[24];
  assert.equal(cells["json | lean | ours"], [{ ns: 1 }]);
  assert.is(cells["json | lean | theirs"].length, 3);
});

test("the shortest way through machine code takes the branches that shorten it", async () => {
  const { instructionsThrough } = await load("instructions");
  const code = `Instructions (size = 20)
0x10     0  55                   push rbp
0x11     1  4889e5               REX.W movq rbp,rsp
0x14     4  7504                 jnz 0x1a  <+0xa>
0x16     6  90                   nop
0x17     7  90                   nop
                                 ;; a comment
0x18     8  90                   nop
0x1a     a  c3                   ret
`;
  assert.is(instructionsThrough(code), 4);
});

test("a plot names its axes and has colours for dark pages", async () => {
  const { plot } = await load("plot");
  const svg = plot({
    title: "a < b",
    x: "callsites",
    y: "bytes",
    lines: [
      {
        name: "heap",
        points: [
          [1, 2],
          [10, 20],
        ],
      },
    ],
  });
  for (const text of ["a &lt; b", ">callsites<", ">bytes<", ">heap<", "prefers-color-scheme: dark"])
    assert.match(svg, text);
  assert.not.match(svg, "NaN");
});

test.run();
