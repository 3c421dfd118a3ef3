/** The corpus and the context tests on every Node that comes as a package, and in headless Chromium: `npm run test:engines`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as esbuild from "esbuild";
import type { ContextReport } from "../fixtures/suspend/context.ts";
import { chromium, runInChromium } from "./helpers/chromium.ts";
import { SuspendBuilds, type Build, type Mode, type Report } from "./helpers/suspend-builds.ts";
import { pairs, repository } from "./helpers/tsc-versions.ts";

const builds = new SuspendBuilds();
test.after(() => builds.close());

const silent: Mode = { subscriber: false, context: "async-local-storage", exact: false };
const stripped = await builds.esbuild("stripped");
const expected = (await builds.run(stripped, silent)).results;

function check(report: Report): void {
  for (const [name, result] of Object.entries(expected)) assert.equal(report.results[name], result, name);
  assert.equal(report.wrong, []);
  assert.is(report.created, report.closed);
  console.log(`note: ${report.created} spans, ${report.probes} probes, ${Object.keys(report.results).length} cases`);
}

function checkContext({ wrong, events, times }: ContextReport): void {
  assert.equal([...new Set(wrong)], []);
  const [alone] = times;
  // a busy machine makes both longer
  assert.ok(alone && alone.busy >= 4.5 && alone.busy < alone.idle && alone.idle >= 58, JSON.stringify(alone));
  console.log(`note: ${events} events, ${alone.busy.toFixed(1)} ms busy, ${alone.idle.toFixed(1)} ms idle`);
}

const enabled = await builds.esbuild("enabled");
const context = await builds.esbuild("enabled", "context.ts");
const esnext = await builds.tscUnlowered(pairs[0]!.ts);
const contexts = ["async-local-storage", "compiled"] as const;

for (const version of ["20", "22", "24", "26"]) {
  const node =
    version === "20"
      ? process.execPath
      : join(repository, `fixtures/hosts/node-versions/node_modules/node-${version}/bin/node`);
  if (!existsSync(node)) {
    console.log(`skip: Node ${version} is not installed: npm ci --prefix fixtures/hosts/node-versions`);
    continue;
  }
  // `using` as it is written, where the engine has it
  const variants: readonly Build[] = Number(version) >= 24 ? [enabled, esnext] : [enabled];
  for (const build of variants) {
    for (const mode of contexts) {
      test(`Node ${version}, ${build.name}, ${mode}`, async () =>
        check(await builds.run(build, { subscriber: true, context: mode, exact: true }, node)));
    }
    test(`Node ${version}, ${build.name}, disabled`, async () => check(await builds.run(build, silent, node)));
  }
  for (const mode of contexts) {
    test(`Node ${version}, context, ${mode}`, async () =>
      checkContext(await builds.runContext(context, { context: mode, requests: 10_000 }, node)));
  }
}

if (chromium !== undefined) {
  const browser: esbuild.BuildOptions = { platform: "browser", external: [], target: "esnext" };
  for (const kind of ["enabled", "stripped"] as const) {
    const build = await builds.esbuild(kind, "main.ts", {
      ...browser,
      outfile: `${builds.folder}/browser-${kind}.mjs`,
    });
    const mode: Mode = { subscriber: true, context: "async-local-storage", exact: kind === "enabled" };
    test(`Chromium, ${kind}`, async () =>
      check((await runInChromium(`${builds.folder}/browser-${kind}.mjs`, mode)) as Report));
    assert.ok(build);
  }
  const file = `${builds.folder}/browser-context.mjs`;
  await builds.esbuild("enabled", "context.ts", { ...browser, outfile: file });
  test("Chromium, context", async () =>
    checkContext((await runInChromium(file, { context: "compiled", requests: 1000 })) as ContextReport));
} else console.log("skip: there is no Chromium on this machine, and CHROMIUM names none");

test.run();
