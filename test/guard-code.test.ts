/** What V8 makes of a guard, read from the machine code that it prints: the same on a busy machine as on a quiet one. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project } from "./helpers/build.ts";

/** The bench is plain JavaScript. */
const load = async (name: string): Promise<any> => import(new URL(`../bench/${name}.mjs`, import.meta.url).href);

/** What the bench's cells of a row say, by variant. */
async function measured(row: string, value: string): Promise<Record<string, number>> {
  const { cells, measure, prepare } = await load("groups/machine-code");
  const wanted = cells({}).filter((cell: any) => cell.row === row);
  const { folder, close } = project();
  try {
    await prepare(folder, wanted);
    const numbers: Record<string, number> = {};
    for (const cell of wanted) numbers[cell.variant] = (await measure(cell, folder))[value];
    return numbers;
  } finally {
    close();
  }
}

if (process.arch !== "x64") console.log(`skip: the machine code of ${process.arch} is not read`);
else {
  test("a disabled call is an address, a compare and a branch", async () => {
    const { dtracing = Infinity, nothing = 0 } = await measured("8 calls, cheap arguments, ESM", "instructions");
    const each = dtracing - nothing;
    // and what loads `$on` once for all of them
    assert.ok(each >= 2 && each <= 3.5, `${each} instructions for each of 8 disabled calls`);
  });

  test("functions with events are still small enough to be compiled into their callers", async () => {
    const { dtracing = 0 } = await measured("ESM", "inlined");
    assert.is(dtracing, 12);
  });
}

test.run();
