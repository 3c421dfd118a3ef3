/** `dtracing doctor`: whether the build and the probes work here, and what to do where they do not. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { packageFinder } from "../transformer/host/package.ts";
import { version } from "../transformer/host/rewrite.ts";
import { OptionsError, resolveOptions, transform } from "../transformer/index.ts";
import { checkFilter } from "./check-filter.ts";
import { counted } from "./counted.ts";
import { configOf, depends, optionsOf, readProject, versionOf, walk, type Project } from "./project.ts";
import { reachedFiles } from "./transformed-output.ts";
import { compilerOption, pluginOptions } from "./tsconfig-file.ts";

export const help = `dtracing doctor [--production] [--filter <filter>]

Looks at the project in this folder: Node, TypeScript and ts-patch, the plugin's place in each build, how many
callsites there are and how many of them are stripped, what the last builds hold, and whether probes load.
Ends with 1 if something does not work.
  --production  count as a production build
  --filter      does not work either: a filter for which the last builds have no callsite, or have stripped some`;

type Verdict = "ok" | "note" | "BAD";
type Say = (verdict: Verdict, text: string, fix?: string) => void;

export function doctor(given: readonly string[]): void {
  const { values } = parseArgs({
    args: [...given],
    options: { production: { type: "boolean", default: false }, filter: { type: "string" } },
  });
  const project = readProject(process.cwd());
  let bad = 0;
  const say: Say = (verdict, text, fix) => {
    if (verdict === "BAD") bad++;
    console.log(`${verdict.padEnd(5)}${text}${fix === undefined ? "" : `\n     ${fix}`}`);
  };
  node(say);
  ourselves(project, say);
  typescript(project, say);
  builds(project, say);
  const named = sources(project, values.production, say);
  const catalogues = outputs(project, named, say);
  if (values.filter !== undefined) filter(values.filter, catalogues, say);
  console.log(bad === 0 ? "\nall is well" : `\n${bad} ${bad === 1 ? "thing does" : "things do"} not work`);
  if (bad > 0) process.exitCode = 1;
}

function node(say: Say): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) say("ok", `Node ${process.versions.node}`);
  else say("BAD", `Node ${process.versions.node} is too old`, "install Node 20.19 or newer");
}

function ourselves(project: Project, say: Say): void {
  const installed = versionOf(project, "dtracing");
  if (installed === undefined) say("BAD", "dtracing is not installed", "npm install dtracing");
  else if (installed !== version) {
    say("BAD", `dtracing ${installed} is installed, this is ${version}`, "run the project's own: npx dtracing doctor");
  } else say("ok", `dtracing ${version}`);
}

/** Which ts-patch works with which TypeScript, as tried. */
function typescript(project: Project, say: Say): void {
  const compiler = versionOf(project, "typescript");
  if (compiler === undefined) return;
  const major = Number.parseInt(compiler, 10);
  const patch = versionOf(project, "ts-patch");
  const tsconfig = join(project.folder, "tsconfig.json");
  const isPlugged = existsSync(tsconfig) && pluginOptions(tsconfig) !== undefined;
  const scripts = Object.values(project.manifest.scripts ?? {}).join("\n");
  const both = `TypeScript ${compiler} with ts-patch ${patch}`;
  if (major >= 7) {
    if (patch !== undefined) {
      say(
        "BAD",
        `${both} cannot work: TypeScript 7 has no plugins, and ts-patch fails to load it`,
        "build with `npx dtracing tsc -p .`, or npm install -D typescript@5.9 ts-patch@3.3",
      );
    } else if (isPlugged && !scripts.includes("dtracing tsc")) {
      say("BAD", `TypeScript ${compiler} ignores the plugin in tsconfig.json`, "build with `npx dtracing tsc -p .`");
    } else say("ok", `TypeScript ${compiler}, which needs a bundler's plugin or \`dtracing tsc\``);
    return;
  }
  if (patch === undefined) {
    if (isPlugged && !scripts.includes("dtracing tsc")) {
      const wanted = major >= 6 ? "4.0" : "3.3";
      say(
        "BAD",
        "the plugin in tsconfig.json needs ts-patch",
        `npm install -D ts-patch@${wanted}, and build with tspc`,
      );
    } else say("ok", `TypeScript ${compiler}`);
    return;
  }
  const patchMajor = Number.parseInt(patch, 10);
  if (major < 6 && patchMajor >= 4) say("BAD", `${both} cannot work`, "npm install -D ts-patch@3.3");
  else say("ok", both);
  if (!isPlugged) return;
  const keeps = ["incremental", "composite"].find((name) => compilerOption(tsconfig, name).value === true);
  const entries = compilerOption(tsconfig, "plugins").value as readonly { readonly transform?: unknown }[];
  if (keeps !== undefined && !entries.some(({ transform: name }) => name === "dtracing/ts-incremental")) {
    say(
      "note",
      `"${keeps}" does not see that an option of the plugin changed`,
      `add { "transform": "dtracing/ts-incremental", "transformProgram": true } beside it`,
    );
  }
  if (/(^|[\s&;])tsc(\s|$)/m.test(scripts) && !/(^|[\s&;])tspc(\s|$)/m.test(scripts)) {
    say("note", "the scripts in package.json run tsc, which ignores the plugin", "run tspc");
  }
}

const tools = ["vite", "rollup", "rolldown", "webpack", "rspack", "farm", "next", "vitest", "jest"];

function builds(project: Project, say: Say): void {
  for (const tool of tools) {
    const file = configOf(project, tool);
    if (file === undefined) continue;
    if (readFileSync(join(project.folder, file), "utf8").includes("dtracing")) say("ok", `${file} has the plugin`);
    else if (tool === "jest" || tool === "vitest")
      say("note", `${file} does not name dtracing`, "tests run untransformed");
    else say("BAD", `${file} does not name dtracing`, "npx dtracing init");
  }
  if (depends(project, "esbuild") && !tools.some((tool) => configOf(project, tool))) {
    say("note", "esbuild has no configuration to look at", 'its plugin is "dtracing/esbuild"');
  }
}

/** Counts what the sources ask for; answers the files that a build has to reach. */
function sources(project: Project, production: boolean, say: Say): ReadonlySet<string> {
  const named = new Set<string>();
  const count = { files: 0, callsites: 0, stripped: 0 };
  try {
    const options = resolveOptions(optionsOf(project.folder), { cwd: project.folder, production });
    const forFile = packageFinder(options);
    for (const file of walk(project.folder)) {
      if (!/\.[cm]?[jt]sx?$/.test(file) || file.endsWith(".d.ts")) continue;
      const transformed = transform(readFileSync(file, "utf8"), file, forFile(file));
      if (transformed === null) continue;
      for (const one of transformed.diagnostics) {
        if (one.severity === "error")
          say("BAD", `${one.file}:${one.line}:${one.column} ${one.code}: ${one.message}`, one.fix);
      }
      if (transformed.callsites.length === 0) continue;
      const stripped = transformed.callsites.filter(({ levels }) => levels.length === 0).length;
      count.files++;
      count.callsites += transformed.callsites.length;
      count.stripped += stripped;
      if (stripped < transformed.callsites.length) named.add(relative(project.folder, file).replaceAll("\\", "/"));
    }
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    say("BAD", error.message);
    return named;
  }
  say(
    "ok",
    `${counted(count.callsites, "callsite")} in ${counted(count.files, "file")}, ${count.stripped} of them stripped`,
  );
  return named;
}

interface Catalogue {
  readonly provider?: string;
  readonly callsites?: readonly { readonly file: string }[];
  readonly stripped?: readonly object[];
}

/** Looks at what builds wrote; answers their catalogues. */
function outputs(project: Project, named: ReadonlySet<string>, say: Say): readonly string[] {
  const files = [...walk(project.folder, /^(node_modules|src|\.git)$/)];
  const catalogues = files.filter((file) => file.endsWith(".callsites.json"));
  const reached = catalogues.length === 0 ? reachedFiles(files) : new Set();
  if (reached.size > 0)
    say("ok", `the plugin reached ${counted(reached.size, "file")} of a build for browsers, without probes`);
  else if (catalogues.length === 0)
    say("note", "no build with callsites is found in this folder", "build once, then ask again");
  for (const file of catalogues) {
    const { callsites = [], stripped = [] } = JSON.parse(readFileSync(file, "utf8")) as Catalogue;
    const reached = new Set(callsites.map((callsite) => callsite.file));
    const missing = [...named].filter((name) => !reached.has(name));
    const where = relative(project.folder, file);
    const gone = stripped.length === 0 ? "" : `, ${stripped.length} more stripped`;
    say(
      "ok",
      `${where}: the plugin reached ${counted(reached.size, "file")}, ${counted(callsites.length, "callsite")}${gone}`,
    );
    if (missing.length > 0 && missing.length < named.size) {
      say("note", `not in that build: ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? ", …" : ""}`);
    }
  }
  if (process.platform !== "linux") {
    say("note", `no probes on ${process.platform}: USDT is Linux's; all else works`);
    return catalogues;
  }
  for (const file of files.filter((path) => path.endsWith(`.probes.${process.arch}.node`))) {
    try {
      process.dlopen({ exports: {} }, file);
      say("ok", `${relative(project.folder, file)} loads`);
    } catch (error) {
      say("BAD", `${relative(project.folder, file)} does not load: ${(error as Error).message}`, "build again");
    }
  }
  return catalogues;
}

function filter(text: string, catalogues: readonly string[], say: Say): void {
  const problems = checkFilter(text, catalogues);
  for (const { text, isCertain } of problems) say(isCertain ? "BAD" : "note", text);
  if (problems.length === 0) say("ok", `the filter ${text} finds its callsites`);
}
