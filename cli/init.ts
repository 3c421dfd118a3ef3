/** `dtracing init`: puts the plugin into the build that is there. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { version } from "../transformer/host/rewrite.ts";
import { diff } from "./diff.ts";
import { addPlugin, addProperty, addTsPlugin, wrapExport } from "./edit-config.ts";
import { configOf, depends, readProject, versionOf, type Project } from "./project.ts";
import { compilerOption, pluginOptions } from "./tsconfig-file.ts";

export const help = `dtracing init [--dry-run] [--yes]

Finds out how this project is built and tested, and shows what has to change: the plugin in the bundler's
configuration, in jest's or vitest's, or in tsconfig.json. Nothing is written before you say so.
  --dry-run  only show
  --yes      do not ask`;

/** A file as it should be. */
interface Edit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

interface Plan {
  readonly edits: readonly Edit[];
  /** What is left to the user. */
  readonly notes: readonly string[];
}

export async function init(given: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...given],
    options: { "dry-run": { type: "boolean", default: false }, yes: { type: "boolean", short: "y", default: false } },
  });
  const project = readProject(process.cwd());
  const { edits, notes } = plan(project);
  for (const { file, before, after } of edits) console.log(`${diff(file, before, after)}\n`);
  for (const note of notes) console.log(`${note}\n`);
  if (edits.length === 0) {
    console.log(notes.length === 0 ? "nothing to do" : "nothing else to do");
    return;
  }
  if (values["dry-run"]) return;
  if (!values.yes && !(await agreed())) return;
  for (const { file, after } of edits) writeFileSync(join(project.folder, file), after);
  console.log(`changed ${edits.map(({ file }) => file).join(", ")}`);
  if (edits.some(({ file }) => file === "package.json")) console.log("now run: npm install");
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log("nothing is written; run it again with --yes");
    return false;
  }
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question("write this? [y/N] ");
  ask.close();
  return /^y(es)?$/i.test(answer.trim());
}

const plugged = ["vite", "rollup", "rolldown", "webpack", "rspack", "farm"] as const;

function plan(project: Project): Plan {
  const edits = new Map<string, Edit>();
  const notes: string[] = [];
  const change = (file: string, how: (before: string) => string | undefined, otherwise: string): void => {
    const before = edits.get(file)?.after ?? readFileSync(join(project.folder, file), "utf8");
    const after = how(before);
    if (after === undefined) notes.push(`${file}: ${otherwise}`);
    else if (after !== before) edits.set(file, { file, before: edits.get(file)?.before ?? before, after });
  };
  const isNew = (file: string): boolean => !readFileSync(join(project.folder, file), "utf8").includes("dtracing");

  let isBundled = false;
  for (const tool of plugged) {
    const file = configOf(project, tool);
    if (file === undefined) continue;
    isBundled = true;
    if (!isNew(file)) continue;

    const line = `import dtracing from "dtracing/${tool}"; and put dtracing() first into plugins`;
    change(file, (before) => addPlugin(before, file, `dtracing/${tool}`, "dtracing()"), line);
  }
  const next = configOf(project, "next");
  if (next !== undefined) {
    isBundled = true;
    if (isNew(next)) {
      const line = `import { withDtracing } from "dtracing/next"; and export withDtracing(config)`;
      change(next, (before) => wrapExport(before, next), line);
    }
  }
  // Vite without a configuration is complete without one.
  if (!isBundled && depends(project, "vite")) {
    isBundled = true;
    const after = `import { defineConfig } from "vite";\nimport dtracing from "dtracing/vite";\n\nexport default defineConfig({ plugins: [dtracing()] });\n`;
    edits.set("vite.config.mjs", { file: "vite.config.mjs", before: "", after });
  }
  if (!isBundled && depends(project, "esbuild")) {
    isBundled = true;
    notes.push(
      `esbuild: import dtracing from "dtracing/esbuild"; and put dtracing() first into plugins of your build script`,
    );
  }
  const vitest = configOf(project, "vitest");
  if (vitest !== undefined && isNew(vitest)) {
    const line = `import dtracing from "dtracing/vite"; and put dtracing() first into plugins`;
    change(vitest, (before) => addPlugin(before, vitest, "dtracing/vite", "dtracing()"), line);
  }
  jest(project, change, isNew);
  if (!isBundled && existsSync(join(project.folder, "tsconfig.json"))) compiler(project, change);
  else if (!isBundled)
    notes.push("no bundler and no tsconfig.json: run with node --import dtracing/register, and see docs/hosts.md");
  if (!depends(project, "dtracing")) {
    change(
      "package.json",
      (before) => withDependency(before, "dependencies", "dtracing", `^${version}`),
      "npm install dtracing",
    );
  }
  return { edits: [...edits.values()], notes };
}

type ChangeFile = (file: string, how: (before: string) => string | undefined, otherwise: string) => void;

function jest(project: Project, change: ChangeFile, isNew: (file: string) => boolean): void {
  const text = `{ "\\\\.[cm]?[jt]sx?$": "dtracing/jest" }`;
  const line = `use "dtracing/jest" as the transformer, with the one you have as its option "transformer"`;
  const file = configOf(project, "jest");
  if (file !== undefined && isNew(file)) change(file, (before) => addProperty(before, file, "transform", text), line);
}

/** Without a bundler the compiler writes what runs. */
function compiler(project: Project, change: ChangeFile): void {
  const tsconfig = join(project.folder, "tsconfig.json");
  const major = Number.parseInt(versionOf(project, "typescript") ?? "7", 10);
  if (pluginOptions(tsconfig) === undefined) {
    const keeps = ["incremental", "composite"].some((name) => compilerOption(tsconfig, name).value === true);
    const entries = [`{ "transform": "dtracing/ts-transformer" }`];
    if (keeps && major < 7) entries.push(`{ "transform": "dtracing/ts-incremental", "transformProgram": true }`);
    change("tsconfig.json", (before) => addTsPlugin(before, entries), `add ${entries[0]} to compilerOptions.plugins`);
  }
  const command = major >= 7 ? "dtracing tsc" : "tspc";
  change("package.json", (before) => withCommand(before, command), `build with ${command}`);
  if (major < 7 && !depends(project, "ts-patch")) {
    const range = major >= 6 ? "~4.0.1" : "~3.3.0";
    change(
      "package.json",
      (before) => withDependency(before, "devDependencies", "ts-patch", range),
      "npm install -D ts-patch",
    );
  }
}

/** `tsc` in the scripts becomes the command that knows plugins. */
function withCommand(text: string, command: string): string {
  const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, string> };
  let after = text;
  for (const script of Object.values(scripts)) {
    if (/--noEmit\b/.test(script)) continue;
    const changed = script.replaceAll(/(^|[\s;&|])tsc(?=$|[\s;&|])/g, (found, before: string, at: number) =>
      script.slice(0, at + before.length).endsWith("dtracing ") ? found : `${before}${command}`,
    );
    after = after.replace(JSON.stringify(script), () => JSON.stringify(changed));
  }
  return after;
}

function withDependency(text: string, group: string, name: string, range: string): string {
  const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
  const names = Object.entries({ ...manifest[group], [name]: range }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  return `${JSON.stringify({ ...manifest, [group]: Object.fromEntries(names) }, null, indent)}\n`;
}
