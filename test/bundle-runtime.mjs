/** The runtime as few files: a program that loads a hundred small ones starts 30 ms later than one that loads ten. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { rolldown } from "rolldown";

/** Writes `dist/runtime` and `dist/cjs/runtime`: a file for each entry, under its own path, and what they share. */
export async function bundleRuntime(root) {
  const input = entriesOf(root);
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: "neutral",
    external: /^node:/,
    // an entry that others need more of than it exports
    preserveEntrySignatures: "allow-extension",
    tsconfig: join(root, "runtime/tsconfig.json"),
    // package.json names the files of dist that have effects, not those of the source
    treeshake: { moduleSideEffects: () => true },
  });
  const files = {
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
    minifyInternalExports: false,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: "core", test: (id) => isCore(relative(root, id)) }],
    },
  };
  for (const [folder, format] of [
    ["dist/runtime", "esm"],
    ["dist/cjs/runtime", "cjs"],
  ]) {
    const dir = join(root, folder);
    const { output } = await bundle.write({ ...files, dir, format, exports: "named", esModule: true });
    const written = new Set(output.map(({ fileName }) => fileName));
    for (const file of readdirSync(dir, { recursive: true })) {
      if (file.endsWith(".js") && !written.has(file)) rmSync(join(dir, file));
    }
  }
  await bundle.close();
}

/** What nearly every program needs is one file; the build takes levels and targets without it. */
function isCore(path) {
  return /^runtime\/(?!level|target|auto|internal-node|(?:usdt|control|bridge|testing|output\/writers)\/)/.test(path);
}

/** `{ name: source }`: what package.json exports, and what the transformer and the command line take of the runtime. */
function entriesOf(root) {
  const names = new Set();
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [, name] of JSON.stringify(exports).matchAll(/"\.\/dist\/runtime\/(.+?)\.js"/g)) names.add(name);
  for (const folder of ["transformer", "cli"]) {
    for (const file of readdirSync(join(root, folder), { recursive: true })) {
      if (!file.endsWith(".ts")) continue;
      const text = readFileSync(join(root, folder, file), "utf8");
      for (const [, name] of text.matchAll(
        /^(?:import|export) (?!type\b)[^;]*? from "(?:\.\.\/)+runtime\/(.+?)\.ts";/gm,
      )) {
        names.add(name);
      }
    }
  }
  return Object.fromEntries([...names].sort().map((name) => [name, join(root, "runtime", `${name}.ts`)]));
}
