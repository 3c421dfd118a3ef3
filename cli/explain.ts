/** `dtracing explain src/a.ts:12`: what a build makes of a line. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { levelName, type Level } from "../runtime/level.ts";
import { packageFinder } from "../transformer/host/package.ts";
import { applyText, formatWithFrames, resolveOptions, transform, type Callsite } from "../transformer/index.ts";
import { Failure } from "./failure.ts";
import { optionsOf } from "./project.ts";

export const help = `dtracing explain <file>[:<line>] [--max-level <level>] [--production]

Shows what a build makes of a line, or of a whole file: before and after, and the callsite behind it. Options are
those of the plugin's entry in tsconfig.json, or of the key "dtracing" in package.json.
  --max-level <level>  as if the option maxLevel were this
  --production         as a production build

DTRACING_DUMP=<folder> makes any build write every transformed file.`;

export function explain(given: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: { "max-level": { type: "string" }, production: { type: "boolean", default: false } },
  });
  const [place, ...rest] = positionals;
  if (place === undefined || rest.length > 0) throw new Failure("give one file, with a line if you like: src/a.ts:12");
  const [, name = place, line] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(place) ?? [];
  const folder = process.cwd();
  const file = resolve(folder, name);
  const level = values["max-level"];
  const options = { ...(optionsOf(folder) as object), ...(level !== undefined && { maxLevel: level }) };
  const resolved = resolveOptions(options, { cwd: folder, production: values.production });
  print(read(file), file, packageFinder(resolved)(file), line === undefined ? undefined : Number(line));
}

function print(code: string, file: string, options: ReturnType<typeof resolveOptions>, line: number | undefined): void {
  const transformed = transform(code, file, options);
  const diagnostics = transformed?.diagnostics ?? [];
  const isNear = (first: number, last = first): boolean => line === undefined || (first <= line && line <= last);
  for (const one of diagnostics) if (isNear(one.line)) console.log(`${formatWithFrames([one], code)}\n`);
  if (diagnostics.some(({ severity, line: at }) => severity === "error" && isNear(at))) process.exitCode = 1;
  if (transformed === null || transformed.edits.length === 0) {
    if (diagnostics.length === 0) console.log(`${file} stays as it is: no macro of dtracing is called in it`);
    return;
  }
  const after = applyText(code, transformed.edits, file).code.split("\n");
  if (line === undefined) {
    console.log(after.join("\n"));
    return;
  }
  const lines = code.split("\n");
  const found = transformed.callsites.filter((callsite) => isNear(callsite.line, lineAt(code, callsite.call.end)));
  if (found.length === 0) {
    const places = [...new Set(transformed.callsites.map((callsite) => callsite.line))].join(", ");
    throw new Failure(`no macro is called in line ${line}; there are some in ${places}`);
  }
  const first = Math.min(...found.map((callsite) => callsite.line));
  const last = Math.max(...found.map((callsite) => lineAt(code, callsite.call.end)));
  console.log(found.map(describe).join("\n"));
  console.log(`\nbefore\n${numbered(lines, first, last)}\n\nafter\n${numbered(after, first, last)}`);
}

function describe({ kind, levels, target, text, values, line, column, dynamicLevel }: Callsite): string {
  const names = values.map(({ entry }) => entry);
  const state =
    levels.length === 0
      ? "stripped"
      : dynamicLevel === undefined
        ? levelName(levels[0]!)
        : `${levels.map((level: Level) => levelName(level)).join(", ")} by its value`;
  const message = text === undefined ? "" : ` ${JSON.stringify(text)}`;
  return `${line}:${column} ${kind}${message}, ${state}, target ${target}${names.length > 0 ? `, values ${names.join(", ")}` : ""}`;
}

function numbered(lines: readonly string[], first: number, last: number): string {
  return lines
    .slice(first - 1, last)
    .map((text, index) => `${String(first + index).padStart(5)} | ${text}`)
    .join("\n");
}

function lineAt(code: string, offset: number): number {
  return code.slice(0, offset).split("\n").length;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Failure(`cannot read ${file}`);
  }
}
