/** Generated programs: transformed or not, listened to or not, they give the same results. `SEED=n` picks other programs. */
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { applyText } from "../transformer/apply/text.ts";
import { formatDiagnostic, resolveOptions, transform } from "../transformer/index.ts";
import { generatedProgram } from "./helpers/generated-program.ts";
import { unbalanced, withoutActivity, withoutSuspensions } from "./helpers/heard.ts";
import { Programs, type Outcome, type Subscribers } from "./helpers/programs.ts";
import { misplaced, untouchedTokens } from "./helpers/tokens.ts";

const seed = Number(process.env["SEED"] ?? 20261122);
const runs = Number(process.env["RUNS"] ?? 300);
console.log(`note: ${runs} programs of seed ${seed}`);

const properties = suite("generated programs");
const programs = new Programs();
const id = "/app/src/generated.ts";
const builds = {
  full: resolveOptions({ packageName: "app" }, { cwd: "/app", production: false }),
  warn: resolveOptions({ packageName: "app", maxLevel: "warn" }, { cwd: "/app", production: false }),
  off: resolveOptions({ packageName: "app", maxLevel: "off" }, { cwd: "/app", production: false }),
};

properties("give the same results, and evaluate an argument only for who wants it", async () => {
  const details = await fc.check(
    fc.asyncProperty(generatedProgram, async (code) => {
      const [plain, full, warn, off] = [code, build(code, "full"), build(code, "warn"), build(code, "off")].map(write);
      const original = await run(plain, "none");
      assert.not.match(original.result, /^threw/, `the program itself ${original.result}`);
      const heard = await run(plain, "all");
      const outcomes = {
        "untransformed, all": heard,
        "transformed, none": await run(full, "none"),
        "transformed, all": await run(full, "all"),
        "up to warn, all": await run(warn, "all"),
        "stripped, all": await run(off, "all"),
      };
      for (const [name, outcome] of Object.entries(outcomes)) assert.is(outcome.result, original.result, name);
      // Whoever listens hears the same, in the same order, and each argument is evaluated once.
      const comparable = /\bawait\b/.test(code) ? withoutActivity : withoutSuspensions;
      assert.is(comparable(outcomes["transformed, all"].events), comparable(heard.events));
      assert.equal(unbalanced(outcomes["transformed, all"].events), []);
      assert.is(outcomes["transformed, all"].evaluations, heard.evaluations);
      assert.is(outcomes["transformed, none"].evaluations, 0, "a disabled call evaluates no argument");
      assert.is(outcomes["stripped, all"].evaluations, 0, "a stripped call evaluates no argument");
      assert.is(outcomes["stripped, all"].events, "");
    }),
    { seed, numRuns: runs },
  );
  tell(details);
});

for (const name of ["full", "warn", "off"] as const) {
  properties(`keep every line and map back exactly, and do not change again: ${name}`, () => {
    const details = fc.check(
      fc.property(generatedProgram, (code) => {
        const edits = transform(code, id, builds[name])?.edits ?? [];
        const edited = applyText(code, edits, id);
        assert.equal(misplaced(untouchedTokens(code, edits, edited)), []);
        assert.equal(transform(edited.code, id, builds[name])?.edits ?? [], []);
      }),
      { seed, numRuns: runs },
    );
    tell(details);
  });
}

/** Fails with the smallest program that does, as it is written. */
function tell({ failed, counterexample, errorInstance }: fc.RunDetails<[string]>): void {
  if (!failed) return;
  const why =
    errorInstance instanceof Error
      ? `${errorInstance.message}\n${(errorInstance as { details?: string }).details || ""}`
      : "";
  throw new Error(`${why}\n${counterexample?.[0]}\n(seed ${seed})`);
}

function build(code: string, name: keyof typeof builds): string {
  const result = transform(code, id, builds[name]);
  const errors = result?.diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic) ?? [];
  assert.equal(errors, []);
  return applyText(code, result?.edits ?? [], id).code;
}

function write(code: string): string {
  return programs.write([["input.ts", code]]);
}

function run(path: string | undefined, subscribers: Subscribers): Promise<Outcome> {
  return programs.run(path ?? "", subscribers);
}

properties.after(() => programs.close());
properties.run();
