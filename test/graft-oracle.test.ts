/** The graft's oracle: what tsc emits of a grafted file is what it emits of the edited text. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { graft } from "../transformer/apply/graft.ts";
import { resolveOptions, transform } from "../transformer/index.ts";
import { cases, surroundings, type Case } from "./helpers/tsc-cases.ts";
import { emit, type Before } from "./helpers/tsc-emit.ts";
import { firstDifference, tokensOf } from "./helpers/tsc-tokens.ts";
import { variants } from "./helpers/tsc-variants.ts";
import { pairs, repository } from "./helpers/tsc-versions.ts";

const all = [...cases, ...fixtures()].filter(({ name }) => name.includes(process.env["FILTER"] ?? ""));
const isScript = (one: Case): boolean => !/^\s*(?:import|export)\b/m.test(one.code);

for (const { ts } of pairs) {
  const test = suite(`graft on TypeScript ${ts.version}`);
  for (const variant of variants(ts)) {
    // Scripts share one global scope, so each is a program of its own.
    const groups = [all.filter((one) => !isScript(one)), ...all.filter(isScript).map((one) => [one])];
    const expected = new Map<string, string>();
    const actual = new Map<string, string>();
    const run = (): void => {
      for (const group of groups) {
        const edits = new Map(group.map((one) => [one.name, one.edits]));
        const before: Before = (program) => (context) => (file) =>
          graft(ts, file, edits.get(file.fileName) ?? [], context, program);
        const sources = new Map([...surroundings, ...group.map((one) => [one.name, one.code] as const)]);
        const edited = new Map([...surroundings, ...group.map((one) => [one.name, apply(one)] as const)]);
        for (const entry of emit(ts, variant, edited)) expected.set(...entry);
        for (const entry of emit(ts, variant, sources, before)) actual.set(...entry);
      }
    };
    test.before(() => run());
    for (const { name } of all) {
      test(`${variant.name}: ${name}`, () => {
        const [mine, theirs] = [actual.get(name), expected.get(name)];
        assert.ok(
          theirs !== undefined && !theirs.startsWith("throw "),
          `tsc emits nothing of the edited text: ${theirs}`,
        );
        const allow = allowance(variant.name, name);
        assert.is(firstDifference(tokensOf(mine ?? "").flatMap(allow), tokensOf(theirs).flatMap(allow)), undefined);
      });
    }
  }
  test.run();
}

/** What is no difference, by case: each with the reason why the graft cannot or should not do as tsc does. */
function allowance(variant: string, name: string): (token: string) => readonly string[] {
  return (token) => {
    // tsc loses the mark when it moves the initialiser of a constant; the graft, whose mark is on the node, keeps it.
    if (variant === "system" && token === "/*#__PURE__*/") return [];
    // Block scope is lowered by what the checker saw: an import of the same name, which the edits removed.
    if (variant.startsWith("es5") && name.endsWith("/fixture-shadowed.ts"))
      return [token.replace(/^trace_\d$/, "trace")];
    return [token];
  };
}

const syntax = suite("graft cases");
for (const one of all) {
  syntax(`${one.name} is legal before and after`, () => {
    for (const text of [one.code, apply(one)]) assert.equal(syntaxErrors(one.name, text), []);
  });
}
syntax.run();

/** What the transformer makes of the fixtures. */
function fixtures(): readonly Case[] {
  const folder = join(repository, "fixtures/expand");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const input = readdirSync(join(folder, name)).find((file) => /^input\.[cm]?[jt]sx?$/.test(file));
    if (input === undefined) return [];
    const code = readFileSync(join(folder, name, input), "utf8");
    const options = join(folder, name, "options.json");
    const given = (existsSync(options) ? JSON.parse(readFileSync(options, "utf8")) : {}) as {
      readonly plugin?: unknown;
    };
    const id = `/project/fixture-${name}.${input.slice("input.".length)}`;
    const transformed = transform(code, id, resolveOptions(given.plugin, { cwd: "/project", production: false }));
    return transformed === null ? [] : [{ name: id, code, edits: transformed.edits }];
  });
}

function apply({ code, edits }: Case): string {
  return edits
    .toReversed()
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code);
}

function syntaxErrors(name: string, text: string): readonly string[] {
  const { ts } = pairs[0] as (typeof pairs)[number];
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName: name,
    reportDiagnostics: true,
    compilerOptions: { allowJs: true, target: 99, jsx: 1 },
  });
  return diagnostics.map(
    ({ messageText, start }) =>
      `${text.slice(start, (start ?? 0) + 20)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
  );
}
