/** Builds a program of fixtures/programs with a real bundler, for tests. */
import { mkdtempSync, symlinkSync, mkdirSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as viteBuild } from "vite";
import { rollup } from "rollup";
import * as esbuild from "esbuild";
import type { Options } from "dtracing/transform";
import viteDtracing from "dtracing/vite";
import rollupDtracing from "dtracing/rollup";
import esbuildDtracing from "dtracing/esbuild";

export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A temporary project that finds this package in its node_modules. `close` removes it. */
export interface Project {
  readonly folder: string;
  write(file: string, text: string): void;
  close(): void;
}

export function project(program?: string): Project {
  const folder = mkdtempSync(join(tmpdir(), "dtracing-"));
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  for (const name of ["typescript", "ts-patch", "vite", "@types"]) {
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "dir");
  }
  symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
  if (program !== undefined) cpSync(join(root, "fixtures/programs", program), join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "fixture", type: "module" }));
  return {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Bundles `entry` (relative to the project) to one file with the runtime left outside; answers its path. */
export const bundlers = {
  async vite(folder: string, entry: string, options?: Options): Promise<string> {
    await viteBuild({
      root: folder,
      logLevel: "silent",
      configFile: false,
      plugins: [viteDtracing(options)],
      build: { ssr: join(folder, entry), outDir: "out-vite", minify: false },
      ssr: { external: ["dtracing", "dtracing/internal"] },
    });
    return join(folder, "out-vite", entry.replace(/^.*\//, "").replace(/\.ts$/, ".js"));
  },
  async rollup(folder: string, entry: string, options?: Options): Promise<string> {
    const file = join(folder, "out-rollup.mjs");
    const bundle = await rollup({
      input: join(folder, entry),
      external: [/^dtracing/],
      onLog: () => {},
      plugins: [rollupDtracing({ root: folder, ...options }), strip()],
    });
    await bundle.write({ file, format: "es" });
    return file;
  },
  async esbuild(folder: string, entry: string, options?: Options): Promise<string> {
    const outfile = join(folder, "out-esbuild.mjs");
    await esbuild.build({
      entryPoints: [join(folder, entry)],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "es2022",
      logLevel: "silent",
      external: ["dtracing", "dtracing/*"],
      plugins: [esbuildDtracing({ root: folder, ...options })],
    });
    return outfile;
  },
};

/** Rollup reads no TypeScript: what is left after our plugin is stripped of its types. */
function strip(): { name: string; transform(code: string, id: string): Promise<{ code: string; map: string }> } {
  return {
    name: "strip-types",
    async transform(code, id) {
      const { code: stripped, map } = await esbuild.transform(code, {
        loader: "ts",
        target: "es2022",
        sourcefile: id,
        sourcemap: true,
      });
      return { code: stripped, map };
    },
  };
}
