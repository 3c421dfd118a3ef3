/**
 * `npm run conformance [word …]`: builds and runs one program in every host, and prints what each of them made of it.
 * Each host's packages are installed from its own lock file, the first time they are needed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AnyMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { applyText, resolveOptions, transform } from "../dist/transformer/index.js";
import { hosts, unverified } from "./conformance-hosts.mjs";
import { installed } from "./helpers/install.ts";

/**
 * @typedef {object} Host
 * @property {string} name
 * @property {string} config the folder with its configuration
 * @property {readonly string[]} version the packages whose versions are shown
 * @property {string} [packages] the folder with its packages
 * @property {readonly (readonly string[])[]} [build]
 * @property {readonly string[]} [run]
 * @property {string} [outcome] the file that has what `run` would print
 * @property {string} [output] the folder with the built code
 * @property {string} [columns] why source maps cannot give the right column
 * @property {string} [cache] what of the build before is kept
 * @property {"main" | "erasable"} [program]
 * @property {string} [type] of package.json
 * @property {boolean} [settings] whether the options are in package.json
 * @property {readonly string[]} [link] packages that are looked for in the project's own node_modules, those of the root with {root}
 * @property {Readonly<Record<string, string>>} [env]
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fixtures = join(root, "fixtures/hosts");
const program = join(root, "fixtures/programs/conformance");
const words = process.argv.slice(2);
const isKept = process.env.KEEP === "1";

/** The package as it would be installed, in a place where every host finds it; a link would lead out of the project. */
function installOurselves() {
  const folder = join(fixtures, "node_modules/dtracing");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
}

function packagesOf(folder) {
  return join(installed(join(fixtures, folder)), "node_modules");
}

function versionsOf(host, packages) {
  return host.version
    .map((name) => {
      const file = [packages, join(root, "node_modules")].map((at) => join(at, name, "package.json")).find(existsSync);
      return file === undefined ? "?" : JSON.parse(readFileSync(file, "utf8")).version;
    })
    .join(", ");
}

/** A project of the host with the program in it. */
function projectOf(host, packages) {
  const folder = join(fixtures, host.config, `dist-${host.name.replaceAll(/[^\w.]+/g, "-")}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "src"), { recursive: true });
  for (const name of readdirSync(join(fixtures, host.config))) {
    if (/^(node_modules|dist-.*|package(-lock)?\.json|\.npmrc)$/.test(name)) continue;
    const to = name.endsWith(".spec.ts") ? join(folder, "src", name) : join(folder, name);
    cpSync(join(fixtures, host.config, name), to, { recursive: true });
  }
  cpSync(join(fixtures, "tsconfig.json"), join(folder, "tsconfig.json"));
  for (const name of host.link ?? []) {
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    const at = name.replace("{root}", join(root, "node_modules"));
    symlinkSync(resolve(packages, at), join(folder, "node_modules", basename(name)), "dir");
  }
  writeSources(folder, (text) => text);
  return folder;
}

function writeSources(folder, change) {
  for (const name of readdirSync(program).filter((file) => /\.tsx?$/.test(file))) {
    const file = join(folder, "src", name);
    writeFileSync(file, change(readFileSync(join(program, name), "utf8"), file));
  }
}

const results = [];

class HostError extends Error {}

function runHost(host) {
  const packages = host.packages === undefined ? join(root, "node_modules") : packagesOf(host.packages);
  const cells = { host: host.name, version: versionsOf(host, packages) };
  const reasons = [];
  const folder = projectOf(host, packages);
  const expected = expectedOf(host.program ?? "main");
  const started = performance.now();
  try {
    const traced = outcomeOf(host, packages, folder, "trace");
    const place = placeOf(traced.stack);
    cells.traced =
      compare(traced.lines, expected.lines, "log", reasons) &&
      compare(traced.results, expected.results.trace, "results", reasons);
    const info = outcomeOf(host, packages, folder, "info");
    const isInfo =
      compare(info.lines, expected.info, "log at info", reasons) &&
      compare(info.results, expected.results.info, "results at info", reasons);
    cells.info = isInfo;
    cells.cache = host.cache === undefined ? "no cache" : isInfo;
    cells.stripped = checkStripped(host, packages, folder, expected, reasons);
    cells.maps = checkMap(host, packages, folder, place, reasons);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    for (const cell of ["traced", "info", "stripped", "maps", "cache"]) cells[cell] ??= false;
    reasons.push(error.message);
  }
  cells.seconds = (performance.now() - started) / 1000;
  results.push({ ...cells, reasons });
  if (!isKept && reasons.length === 0) rmSync(folder, { recursive: true, force: true });
}

/** Off: no line, no text of a call in the output, and the output of source that never had a call. */
function checkStripped(host, packages, folder, expected, reasons) {
  const off = outcomeOf(host, packages, folder, "off");
  let ok =
    compare(off.lines, [], "log when stripped", reasons) &&
    compare(off.results, expected.results.off, "results when stripped", reasons);
  if (host.build === undefined || (host.run === undefined && host.output === undefined)) return ok;
  const built = codeOf(join(folder, host.output ?? "out"));
  if (/about to throw|sum so far|a is ready/.test(built)) {
    reasons.push("a stripped message is in the output");
    ok = false;
  }
  const options = resolveOptions({ maxLevel: "off", root: folder }, { cwd: folder, production: true });
  writeSources(folder, (text, file) => {
    const transformed = transform(text, file, options);
    return transformed === null ? text : applyText(text, transformed.edits, file).code;
  });
  outcomeOf(host, packages, folder, "off");
  const plain = codeOf(join(folder, host.output ?? "out")).split("\n");
  const lines = built.split("\n");
  const at = plain.findIndex((line, index) => line !== lines[index]);
  if (at >= 0 || plain.length !== lines.length) {
    reasons.push(
      `the stripped output is not that of source without calls: ${JSON.stringify(lines[at]?.slice(0, 200))} instead of ${JSON.stringify(plain[at]?.slice(0, 200))}`,
    );
    ok = false;
  }
  return ok;
}

function codeOf(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => /\.[cm]?js$/.test(file))
    .toSorted();
  return files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
}

function outcomeOf(host, packages, folder, level) {
  const env = { ...process.env, ...host.env, MAX_LEVEL: level, CI: "1", NEXT_TELEMETRY_DISABLED: "1" };
  for (const name of ["NODE_OPTIONS", "NODE_ENV"]) if (host.env?.[name] === undefined) delete env[name];
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name: "fixture",
      type: host.type === "" ? undefined : (host.type ?? "module"),
      ...(host.settings && { dtracing: { maxLevel: level } }),
    }),
  );
  for (const name of readdirSync(folder).filter((file) => /^tsconfig\.\w+\.json$/.test(file))) {
    const text = readFileSync(join(fixtures, host.config, name), "utf8");
    writeFileSync(join(folder, name), text.replaceAll("__MAX_LEVEL__", level));
  }
  const places = {
    "{root}": join(root, "node_modules"),
    "{packages}": packages,
    "{node-versions}": join(fixtures, "node-versions/node_modules"),
    "{dtracing}": join(fixtures, "node_modules/dtracing"),
  };
  const run = (command) => {
    const [file, ...args] = command.map((word) => word.replace(/\{[\w-]+\}/, (place) => places[place]));
    const { status, stdout, stderr, error } = spawnSync(file, args, {
      cwd: folder,
      env,
      encoding: "utf8",
      timeout: 240_000,
      maxBuffer: 1e8,
    });
    if (status === 0) return stdout;
    throw new HostError(
      `${level}: ${command.join(" ")} ended with ${status ?? error?.message}: ${`${stderr}\n${stdout}`.trim().slice(0, 1500)}`,
    );
  };
  for (const command of host.build ?? []) run(command);
  const text =
    host.outcome === undefined
      ? run(host.run).trimEnd().split("\n").at(-1)
      : readFileSync(join(folder, host.outcome), "utf8");
  try {
    const { results: values, lines, stack } = JSON.parse(text);
    return { results: values, lines: lines.map(withoutStack), stack };
  } catch {
    throw new HostError(`${level}: no outcome in ${text?.slice(0, 300)}`);
  }
}

/** Where an error was thrown is checked on its own. */
function withoutStack(line) {
  const parsed = JSON.parse(line);
  if (parsed.fields.error) delete parsed.fields.error.stack;
  return JSON.stringify(parsed);
}

/** Where the stack says that the error was thrown; where the host shows its own files, what their maps say. */
function placeOf(stack) {
  const found = /throws\.ts:(\d+):(\d+)/.exec(stack);
  if (found !== null) return `${found[1]}:${found[2]}`;
  const [, file, line, column] = /\(?(\/[^()]*):(\d+):(\d+)\)?/.exec(stack.split("\n")[1] ?? "") ?? [];
  if (file === undefined || !existsSync(file)) return `${stack.split("\n")[1]?.trim()}`;
  const url = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(file, "utf8"))?.[1];
  const map = url && join(dirname(file), decodeURIComponent(url));
  if (!map || !existsSync(map)) return `${file}:${line}:${column}`;
  const at = originalPositionFor(new AnyMap(readFileSync(map, "utf8")), {
    line: Number(line),
    column: Number(column) - 1,
  });
  return at.source?.includes("throws.ts") ? `${at.line}:${at.column + 1}` : `${at.source}:${at.line}:${at.column}`;
}

/** The place in the source, or, where the host has an opinion of its own, what it says of a line that we never saw. */
function checkMap(host, packages, folder, place, reasons) {
  if (place === "4:85") return true;
  writeSources(folder, (text, file) => {
    if (!file.endsWith("throws.ts")) return text;
    // as wide as the call and with a side effect, so that the columns and the statements stay
    const call = /trace\.debug!\([^)]*\)/.exec(text)[0];
    return text.replace(call, "globalThis.n = value".padEnd(call.length));
  });
  const own = placeOf(outcomeOf(host, packages, folder, "trace").stack);
  if (own === place && place.startsWith("4:")) return `yes (${place}, as without us)`;
  reasons.push(
    `the error is at ${place} instead of 4:85, and without us at ${own}${host.columns === undefined ? "" : `: ${host.columns}`}`,
  );
  return host.columns !== undefined && place.startsWith("4:") ? "the line, not the column" : false;
}

function compare(actual, wanted, what, reasons) {
  const same = JSON.stringify(actual) === JSON.stringify(wanted);
  if (!same) {
    const at = wanted.findIndex((value, index) => JSON.stringify(value) !== JSON.stringify(actual[index]));
    reasons.push(
      `${what}: ${actual.length} of ${wanted.length}, first different: ${JSON.stringify(actual[at < 0 ? wanted.length : at])} instead of ${JSON.stringify(wanted[at])}`,
    );
  }
  return same;
}

/** What is expected of the program, from its files; `info` is what of the log is at least that. */
function expectedOf(name) {
  const file = join(program, `expected-${name}.json`);
  const { lines, results: trace } = JSON.parse(readFileSync(file, "utf8"));
  const values = (level) => JSON.parse(JSON.stringify(trace).replace("first second enabled else", level));
  return {
    lines: lines.map((line) => JSON.stringify(line)),
    info: lines.filter(({ level }) => ["INFO", "WARN", "ERROR"].includes(level)).map((line) => JSON.stringify(line)),
    results: { trace, info: values("first second else"), off: values("else") },
  };
}

const wanted = hosts.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase())),
);
installOurselves();
for (const host of wanted) {
  runHost(host);
  const { host: name, version, traced, info, stripped, maps, cache, seconds, reasons } = results.at(-1);
  const cell = (value) => (value === true ? "yes" : value === false ? "NO" : value);
  if (results.length === 1)
    console.log(
      "| host | version | traced log equal | level info | stripped output equal | maps right | cache takes a new level | s |\n|---|---|---|---|---|---|---|---|",
    );
  console.log(
    `| ${[name, version, cell(traced), cell(info), cell(stripped), cell(maps), cell(cache), seconds.toFixed(0)].join(" | ")} |`,
  );
  if (process.env.VERBOSE === "1") for (const reason of reasons) console.log(`  ${name}: ${reason}`);
}
const bad = results.filter(({ reasons }) => reasons.length > 0);
if (bad.length > 0) console.log(`\nNot green, and why:\n`);
for (const { host: name, reasons } of bad)
  for (const reason of reasons) console.log(`- ${name}: ${reason.replaceAll("\n", "\n  ")}`);
if (words.length === 0) {
  console.log(`\nUnverified:\n`);
  for (const { name, reason } of unverified) console.log(`- ${name}: ${reason}`);
}
const isPackageFine = words.length > 0 || checkPackage();
console.log(`\n${results.length - bad.length} hosts are green, ${bad.length} are not`);
process.exitCode = bad.length === 0 && results.length > 0 && isPackageFine ? 0 : 1;

/** What publint and attw say of the packed package. The build's entries are ES modules, which Node 20.19 requires too. */
function checkPackage() {
  const tools = packagesOf("package-checks");
  const folder = mkdtempSync(join(tmpdir(), "dtracing-pack-"));
  const npm = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const tarball = join(folder, execFileSync("npm", npm, { cwd: root, encoding: "utf8" }).trim());
  const checks = [
    ["publint", tarball, "--strict"],
    ["attw", tarball, "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm"],
  ];
  const verdicts = checks.map(([name, ...given]) => {
    const { status, stdout } = spawnSync(join(tools, ".bin", name), given, { encoding: "utf8" });
    console.log(`\n${name}: ${status === 0 ? "clean" : stdout}`);
    return status === 0;
  });
  rmSync(folder, { recursive: true, force: true });
  return verdicts.every(Boolean);
}
