/** What builds write, and how programs find it: every host, incremental builds, bundles, threads of packages, no file at all. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import dtracing from "dtracing/esbuild";
import type { Catalogue } from "../runtime/usdt/catalogue.ts";
import { bundlers, project, root } from "./helpers/build.ts";

const tspc = join(root, "node_modules/ts-patch/bin/tspc.js");
const tsconfig = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    lib: ["es2023", "esnext.disposable"],
    types: ["node"],
    strict: true,
    rootDir: "src",
    outDir: "dist",
    incremental: true,
    plugins: [{ transform: "dtracing/ts-transformer" }],
  },
  include: ["src"],
};
/** Prints which callsites are connected, and what became of the probe files. */
const report = `
import { probeStatus } from "dtracing/usdt";
const { modules } = globalThis[Symbol.for("dtracing.v1")];
const all = [...modules.values()].map((weak) => weak.deref());
const count = (modules) => modules.reduce((sum, { cells }) => sum + cells.length, 0);
console.log(JSON.stringify({ connected: count(all.filter((one) => one.connected)), all: count(all), status: probeStatus() }));
`;

interface Report {
  readonly connected: number;
  readonly all: number;
  readonly status: readonly { readonly path: string; readonly reason?: string }[];
}

function reportOf(file: string, env: NodeJS.ProcessEnv = {}, ...flags: readonly string[]): Report {
  const text = execFileSync(process.execPath, [...flags, file], { encoding: "utf8", env: { ...process.env, ...env } });
  return JSON.parse(text) as Report;
}

function catalogueIn(folder: string): Catalogue {
  return JSON.parse(readFileSync(join(folder, "fixture.callsites.json"), "utf8")) as Catalogue;
}

const probesOf = ({ callsites }: Catalogue): readonly string[] => callsites.flatMap(({ probe }) => probe ?? []);

async function inProject(
  run: (write: (file: string, text: string) => void, folder: string) => Promise<void> | void,
): Promise<void> {
  const { folder, write, close } = project();
  try {
    await run(write, folder);
  } finally {
    close();
  }
}

const one = `import { trace } from "dtracing";\nexport function one(): void { trace.info!("first"); }\n`;
const two = one.replaceAll("one", "two").replace("first", "second");
const main = `import { one } from "./one.js";\nimport { two } from "./two.js";\nimport { trace } from "dtracing";\none(); two(); trace.debug!("main");\n${report}`;

test("tspc: the whole catalogue, also after an incremental build, and programs find it", () =>
  inProject((write, folder) => {
    write("tsconfig.json", JSON.stringify(tsconfig));
    write("src/deep/one.ts", one);
    write("src/deep/two.ts", two);
    write("src/deep/main.ts", `// @ts-nocheck\n${main}`);
    const build = (): void =>
      void execFileSync(process.execPath, [tspc, "-p", folder], { cwd: folder, stdio: "inherit" });
    build();
    const dist = join(folder, "dist");
    assert.equal(probesOf(catalogueIn(dist)), ["main", "one__first", "two__second"]);
    assert.equal(reportOf(join(dist, "deep/main.js")), {
      connected: 3,
      all: 3,
      status: [{ path: join(dist, "fixture.probes.x64.node") }],
    });
    write("src/deep/two.ts", two.replace("second", "third"));
    build();
    assert.equal(probesOf(catalogueIn(dist)), ["main", "one__first", "two__third"]);
    assert.is(reportOf(join(dist, "deep/main.js")).connected, 3);
    assert.equal(
      readdirSync(dist).filter((name) => name.startsWith("fixture")),
      ["fixture.callsites.json", "fixture.probes.arm64.node", "fixture.probes.x64.node"],
    );
    // moved as a whole, and reached through a link
    renameSync(dist, join(folder, "moved"));
    symlinkSync(join(folder, "moved"), join(folder, "link"));
    assert.is(reportOf(join(folder, "link/deep/main.js")).connected, 3);
  }));

test("tspc --build: each project has its own, whole when one file of it has changed", () =>
  inProject((write, folder) => {
    for (const name of ["library", "application"]) {
      const references = name === "library" ? [] : [{ path: "../library" }];
      write(`${name}/package.json`, JSON.stringify({ name, type: "module" }));
      const compilerOptions = { ...tsconfig.compilerOptions, composite: true };
      write(`${name}/tsconfig.json`, JSON.stringify({ ...tsconfig, compilerOptions, references }));
      write(`${name}/src/one.ts`, one);
      write(`${name}/src/two.ts`, two);
    }
    const build = (): void =>
      void execFileSync(process.execPath, [tspc, "--build", join(folder, "application")], {
        cwd: folder,
        stdio: "inherit",
      });
    const probes = (name: string): readonly string[] =>
      probesOf(JSON.parse(readFileSync(join(folder, name, `dist/${name}.callsites.json`), "utf8")) as Catalogue);
    build();
    assert.equal(probes("library"), ["one__first", "two__second"]);
    assert.equal(probes("application"), ["one__first", "two__second"]);
    write("application/src/one.ts", one.replace("first", "changed"));
    build();
    assert.equal(probes("application"), ["one__changed", "two__second"]);
  }));

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`${name}: writes them beside the bundle, which finds them`, () =>
    inProject(async (write, folder) => {
      write("src/one.ts", one);
      write("src/two.ts", two);
      write("src/main.ts", `// @ts-nocheck\n${main.replaceAll(".js", ".ts")}`);
      const file = await bundle(folder, "src/main.ts");
      assert.equal(probesOf(catalogueIn(join(file, ".."))), ["main", "one__first", "two__second"]);
      assert.is(reportOf(file).connected, 3);
      assert.is(reportOf(file, {}, "--enable-source-maps").connected, 3);
    }));
}

test("the runtime bundled in, as CommonJS and as ESM, minified", () =>
  inProject(async (write, folder) => {
    write("src/one.ts", one);
    write("src/two.ts", two);
    write("src/main.ts", `// @ts-nocheck\n${main.replaceAll(".js", ".ts")}`);
    for (const format of ["cjs", "esm"] as const) {
      const outdir = join(folder, `out-${format}`);
      const outExtension = { ".js": format === "cjs" ? ".cjs" : ".mjs" };
      await esbuild({
        entryPoints: [join(folder, "src/main.ts")],
        absWorkingDir: folder,
        outdir,
        outExtension,
        format,
        bundle: true,
        minify: true,
        platform: "node",
        plugins: [dtracing({ root: folder })],
      });
      rmSync(join(folder, "node_modules"), { recursive: true, force: true });
      assert.equal(reportOf(join(outdir, `main${outExtension[".js"]}`)).connected, 3, format);
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
    }
  }));

test("a library and an application each have their own", () =>
  inProject(async (write, folder) => {
    write(
      "library/package.json",
      JSON.stringify({ name: "@acme/library", type: "module", exports: "./dist/out-esbuild.mjs" }),
    );
    write("library/src/one.ts", one);
    mkdirSync(join(folder, "library/node_modules"));
    symlinkSync(root, join(folder, "library/node_modules/dtracing"), "dir");
    const built = await bundlers.esbuild(join(folder, "library"), "src/one.ts");
    mkdirSync(join(folder, "library/dist"));
    for (const file of readdirSync(join(built, ".."))) {
      if (/^(acme|out)/.test(file)) renameSync(join(built, "..", file), join(folder, "library/dist", file));
    }
    mkdirSync(join(folder, "node_modules/@acme"), { recursive: true });
    symlinkSync(join(folder, "library"), join(folder, "node_modules/@acme/library"), "dir");
    write("src/two.ts", two);
    write("src/main.ts", `// @ts-nocheck\n${main.replaceAll(".js", ".ts").replace("./one.ts", "@acme/library")}`);
    await esbuild({
      entryPoints: [join(folder, "src/main.ts")],
      outfile: join(folder, "app/main.mjs"),
      format: "esm",
      bundle: true,
      platform: "node",
      external: ["dtracing", "@acme/library"],
      plugins: [dtracing({ root: folder })],
    });
    const { connected, status } = reportOf(join(folder, "app/main.mjs"));
    assert.is(connected, 3);
    assert.equal(
      status.map(({ path }) => path),
      [join(folder, "library/dist/acme_library.probes.x64.node"), join(folder, "app/fixture.probes.x64.node")],
    );
  }));

test("unbuilt programs write the same file to the user's cache, for themselves only", () =>
  inProject(async (write, folder) => {
    write("src/one.ts", one);
    write("src/two.ts", two);
    write("src/main.ts", `// @ts-nocheck\n${main.replaceAll(".js", ".ts")}`);
    const file = await bundlers.esbuild(folder, "src/main.ts", { usdt: { off: true } });
    assert.equal(
      readdirSync(folder).filter((name) => /probes|callsites/.test(name)),
      [],
    );
    assert.equal(reportOf(file), { connected: 0, all: 3, status: [] });
    // what a loader hook writes behind the rows
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("`, 0];", "`, 1];"));
    const env = { XDG_CACHE_HOME: join(folder, "cache") };
    assert.is(reportOf(file, env).connected, 3);
    const names = readdirSync(join(folder, "cache/dtracing"));
    assert.is(names.length, 6);
    assert.is(reportOf(file, env).connected, 3);
    assert.equal(readdirSync(join(folder, "cache/dtracing")), names);
    execFileSync("chmod", ["777", join(folder, "cache/dtracing")]);
    const { connected, status } = reportOf(file, env);
    assert.is(connected, 0);
    assert.match(status[0]!.reason!, "can be written by others");
  }));

test("where the file is missing, broken or not allowed, the program works and says why", () =>
  inProject(async (write, folder) => {
    write("src/one.ts", one);
    write("src/two.ts", two);
    write("src/main.ts", `// @ts-nocheck\n${main.replaceAll(".js", ".ts")}`);
    const file = await bundlers.esbuild(folder, "src/main.ts");
    const probes = join(folder, "fixture.probes.x64.node");
    cpSync(probes, `${probes}.kept`);
    writeFileSync(probes, "no ELF file");
    const broken = reportOf(file);
    assert.is(broken.connected, 0);
    assert.match(broken.status[0]!.reason!, /file too short|invalid ELF header/);
    cpSync(`${probes}.kept`, probes);
    chmodSync(probes, 0o666);
    assert.match(reportOf(file).status[0]!.reason!, "everybody can write to it");
    chmodSync(probes, 0o644);
    if (process.getuid?.() === 0) {
      chownSync(probes, 12_345, 12_345);
      assert.match(reportOf(file).status[0]!.reason!, "it belongs to user 12345");
      chownSync(folder, 12_345, 12_345);
      assert.is(reportOf(file).connected, 3);
    }
    rmSync(probes);
    const missing = reportOf(file);
    assert.equal([missing.connected, missing.all], [0, 3]);
    assert.match(missing.status[0]!.reason!, "no probe file of its build was found");
    renameSync(`${probes}.kept`, probes);
    assert.is(reportOf(file).connected, 3);
    const denied = spawnSync(process.execPath, ["--experimental-permission", "--allow-fs-read=*", file], {
      encoding: "utf8",
    });
    assert.match(denied.stdout, /"connected":0,"all":3.*(not allowed|disabled|restricted|Cannot load native addon)/);
  }));

test.run();
