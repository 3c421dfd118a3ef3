/** The current span is where it must be and nowhere else, in both modes; times are told; requests do not mix. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ContextReport } from "../fixtures/suspend/context.ts";
import { SuspendBuilds } from "./helpers/suspend-builds.ts";

const builds = new SuspendBuilds();
test.after(() => builds.close());
const build = await builds.esbuild("enabled", "context.ts");

const report = (mode: object): Promise<ContextReport> => builds.runContext(build, mode);

for (const context of ["async-local-storage", "compiled"] as const) {
  test(`${context}: no context leaks outward, and 10,000 requests each have their own`, async () => {
    const { wrong, events, missing, open } = await report({ context, requests: 10_000 });
    assert.equal([...new Set(wrong)], []);
    assert.ok(events > 60_000, `${events} events`);
    // what the transformer has not seen may miss its span, never have another one
    assert.is(missing > 0, context === "compiled");
    // the two generators that are left suspended
    assert.is(open, 2);
  });

  test(`${context}: busy and idle are what was computed and what was waited`, async () => {
    const { times } = await report({ context, concurrent: 100 });
    const [alone, ...together] = times;
    // a busy machine makes computing longer
    assert.ok(alone && alone.busy >= 4.9 && alone.busy < alone.idle, `alone ${alone?.busy} ms busy`);
    assert.ok(alone.idle >= 59, `alone ${alone.idle} ms idle`);
    assert.is(together.length, 100);
    for (const { idle } of together) assert.ok(idle >= 59, `${idle} ms idle`);
    // each is charged for its own computing only, a third of a millisecond, not for that of a hundred
    const busy = together.map((one) => one.busy).toSorted((a, b) => a - b);
    assert.ok(busy[0]! >= 0.29, `${busy[0]} ms busy`);
    assert.ok(busy[50]! < 10, `${busy[50]} ms busy`);
  });
}

test.run();
