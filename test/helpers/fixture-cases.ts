/** The cases of `fixtures/`: a folder each, with the source, its options and what is expected of it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveOptions, type Options, type ResolvedOptions } from "../../transformer/index.ts";

export interface FixtureCase {
  readonly name: string;
  readonly folder: string;
  /** `input.ts`, `input.cts`, … */
  readonly file: string;
  readonly code: string;
  /** The path the source is transformed under. */
  readonly id: string;
  /** Throws what is wrong with the options. */
  readonly options: ResolvedOptions;
  /** Why the expected output is not executed. */
  readonly notRun: string | undefined;
  /** Modules beside the source that it imports; they are not transformed. */
  readonly companions: readonly string[];
}

/** What `options.json` may hold: the plugin's options apart from the harness's own keys. */
interface CaseOptions {
  readonly plugin?: Options;
  /** Whether the host builds for production. */
  readonly production?: boolean;
  /** `false`, or the reason why the output is not executed. */
  readonly run?: false | string;
}

const fixtures = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "fixtures");

/** Every case of a kind, those whose name holds `FILTER` only. */
export function fixtureCases(kind: "expand" | "reject" | "maps"): readonly FixtureCase[] {
  const wanted = process.env["FILTER"] ?? "";
  return readdirSync(join(fixtures, kind))
    .filter((name) => `${kind}/${name}`.includes(wanted))
    .sort()
    .map((name) => load(name, join(fixtures, kind, name)));
}

function load(name: string, folder: string): FixtureCase {
  const files = readdirSync(folder);
  const file = files.find((one) => /^input\.[cm]?[jt]sx?$/.test(one));
  if (file === undefined) throw new Error(`${folder} has no input`);
  const path = join(folder, "options.json");
  const {
    plugin,
    production = false,
    run,
  }: CaseOptions = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as CaseOptions) : {};
  return {
    name,
    folder,
    file,
    code: readFileSync(join(folder, file), "utf8"),
    id: `/app/src/${file}`,
    get options() {
      return resolveOptions({ packageName: "app", ...plugin }, { cwd: "/app", production });
    },
    notRun: run === false ? "run is false" : run,
    companions: files.filter((one) => /\.[cm]?[jt]sx?$/.test(one) && !/^(?:input|output)\./.test(one)),
  };
}

const update = process.env["UPDATE"] === "1";

/** What a file of a case holds; with `UPDATE=1` the file is written first. */
export function expectation(one: FixtureCase, file: string, actual: string): string {
  const path = join(one.folder, file);
  if (update) writeFileSync(path, actual);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
