/**
 * `{ "transform": "dtracing/ts-incremental", "transformProgram": true }` beside the plugin, for builds that keep a
 * tsbuildinfo: what it says of a file is its version, which knows nothing of plugins. With the options in the version
 * of the files that name us, another level compiles exactly those again.
 */
import type ts from "typescript";
import { resolveOptions, type Options } from "../index.ts";
import { fingerprint } from "./rewrite.ts";

type Plugin = Readonly<Record<string, unknown>>;

export default function incremental(program: ts.Program): ts.Program {
  const plugins = (program.getCompilerOptions()["plugins"] ?? []) as unknown as readonly Plugin[];
  const own = plugins.find(({ transform }) => typeof transform === "string" && /dtracing.*transformer/.test(transform));
  const { transform: _, ...options }: Plugin = own ?? {};
  const production = process.env["NODE_ENV"] === "production";
  const mark = `-dtracing-${fingerprint(options, { production })}`;
  const names = namesOf(options);
  for (const file of program.getSourceFiles() as readonly (ts.SourceFile & { version?: string })[]) {
    if (file.isDeclarationFile || file.version === undefined || file.version.endsWith(mark)) continue;
    if (names.some((name) => file.text.includes(name))) file.version = file.version.replace(/(-dtracing-\w+)?$/, mark);
  }
  return program;
}

/** What a file is named by; a mistake in the options is told by the plugin itself. */
function namesOf(options: Plugin): readonly string[] {
  try {
    return [...resolveOptions(options as Options, { cwd: "/", production: false }).modules, "@instrument"];
  } catch {
    return ["dtracing", "@instrument"];
  }
}
