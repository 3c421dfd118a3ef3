/** The corpus of fixtures/suspend: the same results however it is built and run, and spans that are right at every suspension. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SuspendBuilds, transformedBuilds, type Build, type Mode, type Report } from "./helpers/suspend-builds.ts";

const builds = new SuspendBuilds();
test.after(() => builds.close());

const als = "async-local-storage";
const silent: Mode = { subscriber: false, context: als, exact: false };
const untransformed = await builds.esbuild("untransformed");
const stripped = await builds.esbuild("stripped");
// the decorators stay where they are, and nobody listens
const expected = (await builds.run(stripped, silent)).results;

function check(
  report: Report,
  { subscriber, exact }: Mode,
  expected: Report["results"],
  open: readonly string[] = [],
): void {
  for (const [name, result] of Object.entries(expected)) assert.equal(report.results[name], result, name);
  assert.equal(report.wrong, subscriber && exact ? open : []);
  assert.is(report.created, report.closed + report.wrong.length);
  if (subscriber && exact) {
    assert.ok(report.created > 130, `${report.created} spans`);
    assert.ok(report.probes > 800, `${report.probes} probes`);
  }
}

function holds(build: Build, mode: Mode, like = Promise.resolve(expected)): void {
  const who = mode.subscriber ? "enabled" : "disabled";
  // It runs while the next build is made.
  const report = builds.run(build, mode);
  report.catch(() => {});
  test(`${build.name}: ${who}, ${mode.context}`, async () => check(await report, mode, await like, build.open));
}

test("the corpus is large", () => assert.ok(Object.keys(expected).length >= 120));
holds({ ...untransformed, name: "untransformed" }, silent);
holds({ ...untransformed, name: "untransformed, decorators at run time" }, { ...silent, subscriber: true });
holds({ ...stripped, name: "stripped" }, { ...silent, subscriber: true });
for await (const build of transformedBuilds(builds)) {
  const like = build.like && builds.run(build.like, silent).then(({ results }) => results);
  holds(build, { subscriber: true, context: als, exact: true }, like);
  holds(build, { subscriber: true, context: "compiled", exact: true }, like);
  holds(build, { subscriber: false, context: als, exact: true }, like);
}

test.run();
