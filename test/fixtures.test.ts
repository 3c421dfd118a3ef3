/** Walks `fixtures/`. `FILTER=word` picks cases, `UPDATE=1` writes the expected files anew. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { applyText } from "../transformer/apply/text.ts";
import { formatDiagnostic, frameOf, OptionsError, transform } from "../transformer/index.ts";
import { expectation, fixtureCases, type FixtureCase } from "./helpers/fixture-cases.ts";
import { withoutActivity, withoutSuspensions } from "./helpers/heard.ts";
import { Programs, type Subscribers } from "./helpers/programs.ts";
import { misplaced, show, untouchedTokens, type Token } from "./helpers/tokens.ts";

const expand = suite("fixtures/expand");
const reject = suite("fixtures/reject");
const maps = suite("fixtures/maps");
const programs = new Programs();

for (const one of fixtureCases("expand")) {
  const outputFile = one.file.replace("input", "output");
  expand(`${one.name} becomes what is expected`, () => {
    const { output, tokens } = transformed(one);
    assert.equal(misplaced(tokens), []);
    assert.fixture(output, expectation(one, outputFile, output));
  });
  expand(`${one.name} transformed again is unchanged`, () => {
    const again = transform(transformed(one).output, one.id, one.options);
    assert.equal(again?.edits ?? [], []);
  });
  if (one.notRun !== undefined) {
    console.log(`note: expand/${one.name} is not run: ${one.notRun}`);
    continue;
  }
  const run = async (code: string, subscribers: Subscribers): Promise<{ result: string; events: string }> => {
    const others = one.companions.map((name) => [name, readFileSync(join(one.folder, name), "utf8")] as const);
    return programs.run(programs.write([[one.file, code], ...others]), subscribers);
  };
  expand(`${one.name} does what its source does, with and without a subscriber`, async () => {
    const { output } = transformed(one);
    const original = await run(one.code, "none");
    assert.not.match(original.result, /^threw (?:SyntaxError|TypeError)/);
    assert.is((await run(output, "none")).result, original.result);
    const [watched, watchedOriginal] = [await run(output, "all"), await run(one.code, "all")];
    assert.is(watched.result, original.result);
    assert.is(watchedOriginal.result, original.result);
    // What is stripped is not recorded; all else is recorded as without the plugin.
    const comparable = /\bawait\b/.test(one.code) ? withoutActivity : withoutSuspensions;
    if (stripsNothing(one)) assert.fixture(comparable(watched.events), comparable(watchedOriginal.events));
  });
}

for (const one of fixtureCases("reject")) {
  reject(`${one.name} is told with place and fix`, () => {
    const told = toldOf(one);
    assert.ok(told !== "", "nothing is reported");
    assert.fixture(told, expectation(one, "error.txt", told));
  });
}

for (const one of fixtureCases("maps")) {
  maps(`${one.name} leads every untouched token back to its place`, () => {
    const { output, tokens } = transformed(one);
    assert.equal(misplaced(tokens), []);
    const moved = tokens.filter(({ original, generated }) => show(original) !== show(generated));
    const table = moved.map(
      ({ text, original, mapped, generated }) =>
        `${show(generated)} ${text} <- ${show(mapped)}${show(mapped) === show(original) ? "" : " WRONG"}\n`,
    );
    assert.fixture(output, expectation(one, one.file.replace("input", "output"), output));
    assert.fixture(table.join(""), expectation(one, "moved.txt", table.join("")));
  });
}

/** What a user is told: each diagnostic with its frame, or what is wrong with the options. */
function toldOf(one: FixtureCase): string {
  try {
    const { diagnostics } = transform(one.code, one.id, one.options) ?? { diagnostics: [] };
    return diagnostics.map((each) => `${formatDiagnostic(each)}\n${frameOf(one.code, each)}\n`).join("");
  } catch (error) {
    if (error instanceof OptionsError) return `${error.message}\n`;
    throw error;
  }
}

interface Output {
  readonly output: string;
  readonly tokens: readonly Token[];
}

function transformed(one: FixtureCase): Output {
  const result = transform(one.code, one.id, one.options);
  if (result === null) return { output: one.code, tokens: [] };
  assert.equal(result.diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic), []);
  const edited = applyText(one.code, result.edits, one.id);
  return { output: edited.code, tokens: untouchedTokens(one.code, result.edits, edited) };
}

function stripsNothing(one: FixtureCase): boolean {
  const callsites = transform(one.code, one.id, one.options)?.callsites ?? [];
  return callsites.every(({ levels, dynamicLevel }) => levels.length === (dynamicLevel === undefined ? 1 : 5));
}

maps.after(() => programs.close());
expand.run();
reject.run();
maps.run();
