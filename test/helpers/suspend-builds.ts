/** Builds the corpus of fixtures/suspend in every way, and runs it in processes of their own. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import type ts from "typescript";
import esbuildDtracing from "dtracing/esbuild";
import rolldownDtracing from "dtracing/rolldown";
import { before } from "dtracing/ts-transformer";
import type { ContextReport } from "../../fixtures/suspend/context.ts";
import type { Mode, Report } from "../../fixtures/suspend/main.ts";
import { pairs, repository } from "./tsc-versions.ts";

export type { Mode, Report };

type Kind = "" | "stripped" | "experimentalDecorators";
type Target = "es2015" | "es2022" | "esnext";

/** One build of a program. */
export interface Build {
  readonly name: string;
  readonly file: string;
  /** The build without spans whose results it must have, where lowering changes some; default: the source's. */
  readonly like?: Build;
  /** Spans that stay open, because lowering changes the program. */
  readonly open?: readonly string[];
}

/** One file that every engine can run, with the runtime outside. */
const bundled = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["dtracing", "dtracing/*"],
  logLevel: "error",
} satisfies esbuild.BuildOptions;

export class SuspendBuilds {
  readonly folder: string = mkdtempSync(join(tmpdir(), "dtracing-suspend-"));

  constructor() {
    mkdirSync(join(this.folder, "node_modules"));
    for (const name of ["typescript", "@types"]) {
      symlinkSync(join(repository, "node_modules", name), join(this.folder, "node_modules", name), "dir");
    }
    symlinkSync(repository, join(this.folder, "node_modules/dtracing"), "dir");
    cpSync(join(repository, "fixtures/suspend"), join(this.folder, "src"), { recursive: true });
    writeFileSync(join(this.folder, "package.json"), `{ "name": "corpus", "type": "module" }`);
    writeFileSync(
      join(this.folder, "run.mjs"),
      "const { run } = await import(process.argv[2]);\nconsole.log(JSON.stringify(await run(JSON.parse(process.argv[3]))));\n",
    );
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** With the plugin, unless the build is `"untransformed"`; `options` are esbuild's. */
  async esbuild(
    kind: "untransformed" | "enabled" | "stripped",
    entry = "main.ts",
    options: esbuild.BuildOptions = {},
  ): Promise<Build> {
    const file = join(this.folder, `${kind}-${entry.replace(/\.ts$/, "")}.mjs`);
    const plugin = esbuildDtracing({ root: this.folder, maxLevel: kind === "stripped" ? "off" : "trace" });
    await esbuild.build({
      absWorkingDir: this.folder,
      entryPoints: [join(this.folder, "src", entry)],
      outfile: file,
      ...bundled,
      tsconfigRaw: {},
      plugins: kind === "untransformed" ? [] : [plugin],
      ...options,
    });
    return { name: `${kind}, esbuild`, file };
  }

  async rolldown(): Promise<Build> {
    const file = join(this.folder, "out-rolldown.mjs");
    const bundle = await rolldown({
      cwd: this.folder,
      input: join(this.folder, "src/main.ts"),
      external: [/^dtracing/],
      platform: "node",
      plugins: [rolldownDtracing({ root: this.folder })],
      onLog: () => {},
    });
    await bundle.write({ file, format: "esm" });
    return this.lowered({ name: "rolldown", file });
  }

  /** Through the graft, by one compiler for one target. */
  async tsc(tsc: typeof ts, target: Target, kind: Kind = ""): Promise<Build> {
    return this.lowered(this.#tsc(tsc, target, kind));
  }

  /** As it is emitted for the newest engines. */
  tscUnlowered(tsc: typeof ts): Build {
    return this.#tsc(tsc, "esnext", "");
  }

  #tsc(tsc: typeof ts, target: Target, kind: Kind): Build {
    const name = `tsc ${tsc.version} ${target} ${kind}`.trimEnd();
    const experimentalDecorators = kind === "experimentalDecorators";
    const outDir = join(this.folder, `out ${name}`);
    const options: ts.CompilerOptions = {
      target: { es2015: tsc.ScriptTarget.ES2015, es2022: tsc.ScriptTarget.ES2022, esnext: tsc.ScriptTarget.ESNext }[
        target
      ],
      module: tsc.ModuleKind.ESNext,
      moduleResolution: tsc.ModuleResolutionKind.Bundler,
      lib: ["lib.esnext.d.ts"],
      types: ["node"],
      typeRoots: [join(this.folder, "node_modules/@types")],
      strict: true,
      skipLibCheck: true,
      rewriteRelativeImportExtensions: true,
      experimentalDecorators,
      rootDir: join(this.folder, "src"),
      outDir,
      configFilePath: join(this.folder, "tsconfig.json"),
    };
    const program = tsc.createProgram([join(this.folder, "src/main.ts")], options);
    // The older standard has no decorators of `#private` members, of getter and setter, and of class expressions.
    const unsupported = experimentalDecorators ? [1206, 1207, 18036] : [];
    const problems = tsc.getPreEmitDiagnostics(program).filter(({ code }) => !unsupported.includes(code));
    if (problems.length > 0) {
      const host = {
        getCanonicalFileName: (path: string) => path,
        getCurrentDirectory: () => this.folder,
        getNewLine: () => "\n",
      };
      throw new Error(tsc.formatDiagnostics(problems, host));
    }
    program.emit(undefined, undefined, undefined, false, {
      before: [before(tsc, program, { maxLevel: kind === "stripped" ? "off" : "trace" })],
    });
    return { name, file: join(outDir, "main.js") };
  }

  /** In one file without `using`, which Node 20 and 22 cannot run. */
  async lowered({ name, file }: Build): Promise<Build> {
    const outfile = file.replace(/\.m?js$/, ".lowered.mjs");
    await esbuild.build({ ...bundled, entryPoints: [file], outfile });
    return { name, file: outfile };
  }

  async run(build: Build, mode: Mode, node?: string): Promise<Report> {
    return (await this.#run(build, mode, node)) as Report;
  }

  async runContext(build: Build, mode: object, node?: string): Promise<ContextReport> {
    return (await this.#run(build, mode, node)) as ContextReport;
  }

  async #run({ file }: Build, mode: object, node: string = process.execPath): Promise<unknown> {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const args = [join(this.folder, "run.mjs"), file, JSON.stringify(mode)];
    const { stdout } = await promisify(execFile)(node, args, { env, maxBuffer: 1 << 26 });
    return JSON.parse(stdout);
  }
}

/** Every build that carries spans. */
export async function* transformedBuilds(builds: SuspendBuilds): AsyncGenerator<Build> {
  yield builds.esbuild("enabled");
  yield builds.rolldown();
  for (const { ts } of pairs) {
    // tsc's own `yield*` of an async generator does not end when it is returned from
    const open = ["generator stream delegates, returned: streamDelegates is not closed"];
    yield { ...(await builds.tsc(ts, "es2015")), like: await builds.tsc(ts, "es2015", "stripped"), open };
    for (const target of ["es2022", "esnext"] as const) yield builds.tsc(ts, target);
    yield builds.tsc(ts, "es2022", "experimentalDecorators");
  }
}
