/**
 * An open-source project with every function instrumented and an event in every function, built and tested as its
 * authors do it: `npm run build && node --import tsx test/projects.mjs <name> <checkout> [--only=disabled,…] [--repeat=3]
 * [--tests=test/unit,…] [--test-only | --build-only]`.
 * The checkout is copied; the copy, with the reports of the tests, stays in the temporary folder. Needs GNU time.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { applyText, resolveOptions, transform } from "../dist/transformer/index.js";
import { quickTest } from "../transformer/quick-test.ts";
import { instrumentAll } from "./projects/instrument-all.mjs";
import { recipes } from "./projects/recipes.mjs";
import { differences, resultsOf, summary } from "./projects/results.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, checkout, ...flags] = process.argv.slice(2);
const recipe = recipes[name];
if (recipe === undefined || checkout === undefined || !existsSync(checkout)) {
  console.error(
    `usage: node --import tsx test/projects.mjs <${Object.keys(recipes).join("|")}> <checkout> [--only=…] [--repeat=n]`,
  );
  process.exit(2);
}
const flag = (key) => flags.find((one) => one.startsWith(`--${key}=`))?.split("=")[1];
// Where only some modes are run again, what was before is known.
const isKept = flag("only") !== undefined && existsSync(join(tmpdir(), "dtracing-projects", name, "report-before.txt"));
/** For projects whose tests run from the sources. */
const isTestOnly = flags.includes("--test-only");
const isBuildOnly = flags.includes("--build-only");
const repeat = Number(flag("repeat") ?? 1);
const work = join(tmpdir(), "dtracing-projects", name);
const folder = join(work, recipe.folder ?? ".");
const nodeBin = join(root, "fixtures/hosts/node-versions/node_modules", `node-${recipe.node}`, "bin");
const tools = join(tmpdir(), "dtracing-projects/.tools/node_modules");
const places = {
  "{node}": [join(nodeBin, "node")],
  "{bun}": [join(root, "fixtures/hosts/bun/node_modules/bun/bin/bun.exe")],
  "{pnpm}": [join(nodeBin, "node"), join(tools, "pnpm/bin/pnpm.mjs")],
  "{yarn}": [join(nodeBin, "node"), join(tools, "yarn/bin/yarn.js")],
};

const commit = copy();
const files = sourcesOf();
const originals = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
const configs = new Map(
  Object.keys(recipe.plugin).map((file) => [join(folder, file), readFileSync(join(folder, file), "utf8")]),
);
for (const [name, change] of Object.entries(recipe.limits ?? {})) {
  const file = join(folder, name);
  const text = readFileSync(file, "utf8");
  if (change(text) === text) throw new Error(`${file}: the limit was not raised`);
  writeFileSync(file, change(text));
}
const instrumented = new Map(files.map((file) => [file, instrumentAll(originals.get(file), file, recipe.decorators)]));
const count = (key) => [...instrumented.values()].reduce((sum, one) => sum + (one?.[key] ?? 0), 0);
const lines = [...originals.values()].reduce((sum, text) => sum + text.split("\n").length, 0);
console.log(
  `${name}, ${recipe.style}, ${commit.slice(0, 10)}, ${recipe.host}: ${files.length} files, ${lines} lines, ` +
    `${count("functions")} functions, ${count("instrumented")} instrumented`,
);

const modes = [
  { title: "before", isOurs: false },
  { title: "plugin, no calls", isOurs: false, level: "trace", isBuildOnly: true },
  { title: "calls, no plugin", isOurs: true, isBuildOnly: true },
  { title: "disabled", isOurs: true, level: "trace" },
  { title: "enabled", isOurs: true, level: "trace", isEnabled: true },
  { title: "stripped", isOurs: true, level: "off" },
].filter(({ title }) => title === "before" || (flag("only")?.split(",").includes(title) ?? true));
let before;
let plain;
console.log("| mode | build, CPU s | of before | peak MB | tests | different |\n|---|---|---|---|---|---|");
for (const mode of modes) run(mode);
if (!isTestOnly) console.log(costs());

function run(mode) {
  for (const file of files) {
    writeFileSync(file, (mode.isOurs ? instrumented.get(file)?.text : undefined) ?? originals.get(file));
  }
  for (const [file, text] of configs) {
    const change = recipe.plugin[relative(folder, file)];
    const changed = mode.level === undefined ? text : change(text).replaceAll("__LEVEL__", mode.level);
    if (mode.level !== undefined && changed === text) throw new Error(`${file}: the plugin was not put in`);
    writeFileSync(file, changed);
  }
  const commands = (mode.level === undefined ? undefined : recipe.pluginBuild) ?? recipe.build;
  const env = mode.level === undefined ? {} : { DTRACING_LEVEL: mode.level };
  if (mode.isBuildOnly && isTestOnly) return;
  const builds = Array.from({ length: repeat }, () => timed(isTestOnly ? [] : commands, env, mode.title));
  const best = builds.toSorted((a, b) => a.cpu - b.cpu)[0];
  plain ??= best;
  const build = isTestOnly
    ? ["", "", ""]
    : [best.cpu.toFixed(1), (best.cpu / plain.cpu).toFixed(2), best.megabytes.toFixed(0)];
  const cells = [mode.title, ...build];
  if (mode.isBuildOnly || isBuildOnly) return console.log(`| ${cells.join(" | ")} | | |`);
  const results =
    mode.title === "before" && isKept ? resultsOf(reportOf("before"), recipe.report, folder) : test(mode, env);
  before ??= results;
  const different = differences(before, results);
  if (different.length > 0 || results.size === 0) process.exitCode = 1;
  console.log(`| ${[...cells, summary(results), different.length].join(" | ")} |`);
  for (const { name: what, was, is, problem } of different.slice(0, 30))
    console.log(`  ${was} -> ${is}: ${what}\n    ${problem.split("\n").slice(0, 6).join("\n    ")}`);
}

/** CPU time, because it depends less on what else the machine does; the most memory of any process of the build. */
function timed(commands, env, title) {
  if (recipe.output) rmSync(join(folder, recipe.output), { recursive: true, force: true });
  const total = { cpu: 0, megabytes: 0 };
  for (const command of commands) {
    const note = join(work, "time.txt");
    execute(["/usr/bin/time", "-f", "%U %S %M", "-o", note, ...command], env, `build, ${title}`);
    const [user, system, kilobytes] = readFileSync(note, "utf8").trim().split("\n").at(-1).split(" ").map(Number);
    total.cpu += user + system;
    total.megabytes = Math.max(total.megabytes, kilobytes / 1024);
  }
  return total;
}

function test({ title, isEnabled, level }, env) {
  const report = reportOf(title);
  const counts = join(work, `counts-${title}.txt`);
  for (const file of [report, counts]) rmSync(file, { force: true });
  const options = [
    level !== undefined && recipe.pluginEnv?.NODE_OPTIONS,
    isEnabled && `--require ${join(folder, "dtracing-subscriber.cjs")}`,
  ];
  const testEnv = { ...env, ...(isEnabled && { DTRACING_COUNTS: counts }) };
  for (const command of recipe.beforeTest ?? []) execute(command, testEnv, `before the tests, ${title}`);
  const nodeOptions = options.filter(Boolean).join(" ");
  const command = [
    ...recipe.test.map((word) => word.replace("{report}", report)),
    ...(flag("tests")?.split(",") ?? []),
  ];
  execute(command, { ...testEnv, ...(nodeOptions && { NODE_OPTIONS: nodeOptions }) }, `test, ${title}`);
  if (isEnabled) console.log(`  ${seenIn(counts)}`);
  return resultsOf(report, recipe.report, folder);
}

/** What the subscriber counted in all processes of a test run. */
function seenIn(counts) {
  const lines = existsSync(counts) ? readFileSync(counts, "utf8").trim().split("\n") : [];
  const all = lines.map((line) => JSON.parse(line));
  const sum = (key) => all.reduce((total, one) => total + one[key], 0);
  if (sum("events") === 0) {
    process.exitCode = 1;
    return "no event was seen, so this run says nothing of an enabled program";
  }
  return ["events", "spans", "closed", "entered", "exited", "characters"].map((key) => `${sum(key)} ${key}`).join(", ");
}

function reportOf(title) {
  return join(work, `report-${title}.txt`);
}

/** A failing build or test does not end the run: its result is what is compared. */
function execute(command, env, what) {
  const [program, ...words] = command.flatMap((word) => places[word] ?? [word]);
  const { NODE_OPTIONS: _, ...outer } = process.env;
  const result = spawnSync(program, words, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1e9,
    timeout: 1_800_000,
    env: {
      ...outer,
      CI: "1",
      PATH: `${join(folder, "node_modules/.bin")}:${nodeBin}:${process.env.PATH}`,
      npm_config_nodedir: dirname(nodeBin),
      ...recipe.env,
      ...env,
    },
  });
  const log = join(work, `${what.replaceAll(/\W+/g, "-")}.log`);
  writeFileSync(log, `${command.join(" ")}\n${result.stdout}\n${result.stderr}`);
  if (result.status !== 0) console.log(`  ${what} ended with ${result.status ?? result.error}: ${log}`);
}

/** What the transformer alone takes of the files, in the order and as cold as a build has them. */
function costs() {
  const options = resolveOptions({ maxLevel: "trace", root: folder }, { cwd: folder, production: true });
  const texts = files.map((file) => instrumented.get(file)?.text ?? originals.get(file));
  const started = process.cpuUsage();
  for (const [index, file] of files.entries()) {
    const edits = transform(texts[index], file, options)?.edits ?? [];
    // with its map, which is made when it is read
    if (edits.length > 0) void applyText(texts[index], edits, file).map;
  }
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  const parsed = files.filter((file) => quickTest(originals.get(file), options.modules)).length;
  return (
    `the transformer alone: ${seconds.toFixed(2)} s of CPU, ${((100 * seconds) / plain.cpu).toFixed(1)}% of the build; ` +
    `without calls it parses ${parsed} of ${files.length} files`
  );
}

/** The checkout with its packages, and ourselves as they would be installed. */
function copy() {
  const marker = join(work, "commit.txt");
  const isFirst = !existsSync(marker);
  const from = join(checkout, recipe.folder ?? ".");
  // after the first run: what the one before has changed
  const paths = isFirst ? [] : [...recipe.sources, ...Object.keys({ ...recipe.plugin, ...recipe.limits })];
  const list = ["-C", from, "ls-files", "-z", "--", ...paths];
  const tracked = execFileSync("git", list, { encoding: "utf8", maxBuffer: 1e9 }).split("\0");
  mkdirSync(folder, { recursive: true });
  for (const file of tracked.filter((one) => one !== "" && existsSync(join(from, one))))
    cpSync(join(from, file), join(folder, file));
  if (isFirst) {
    for (const tool of recipe.install.flat().filter((word) => word === "{pnpm}" || word === "{yarn}")) {
      const version = { "{pnpm}": "pnpm@11.21.0", "{yarn}": "yarn@1.22.22" }[tool];
      execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefix", dirname(tools), version], {
        stdio: "ignore",
      });
    }
    for (const command of recipe.install) execute(command, {}, "install");
    writeFileSync(marker, execFileSync("git", ["-C", checkout, "rev-parse", "HEAD"], { encoding: "utf8" }).trim());
  }
  const packed = join(work, ".dtracing");
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", packed];
  const tarball = execFileSync("npm", pack, { cwd: root, encoding: "utf8" }).trim();
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefix", packed, join(packed, tarball)], {
    stdio: "ignore",
  });
  const to = join(folder, "node_modules/dtracing");
  rmSync(to, { recursive: true, force: true });
  renameSync(join(packed, "node_modules/dtracing"), to);
  renameSync(join(packed, "node_modules"), join(to, "node_modules"));
  cpSync(join(root, "test/projects/subscriber.cjs"), join(folder, "dtracing-subscriber.cjs"));
  return readFileSync(marker, "utf8");
}

function sourcesOf() {
  return recipe.sources
    .flatMap((path) => readdirSync(join(folder, path), { recursive: true }).map((file) => join(path, String(file))))
    .filter((file) => /\.[cm]?tsx?$/.test(file) && !recipe.skip.test(file))
    .toSorted()
    .map((file) => join(folder, file));
}
