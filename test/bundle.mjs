/** What is published as few files: a program, or a build, that loads a hundred small ones starts 20 to 40 ms later. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { rolldown } from "rolldown";

/** Writes `dist/runtime` and `dist/cjs/runtime`: a file for each entry, under its own path, and what they share. */
export async function bundleRuntime(root) {
  const bundle = await rolldown(inputOf(root, entriesOf(root, "runtime")));
  await write(bundle, root, isCoreOfRuntime, join(root, "dist"), "esm", ["runtime"]);
  await write(bundle, root, isCoreOfRuntime, join(root, "dist/cjs"), "cjs", ["runtime"]);
  await bundle.close();
}

/** Writes `dist/transformer` and `dist/cli` in the same way, with a copy of what they take of the runtime. */
export async function bundleTransformer(root) {
  // Node loads this one by its name, in a thread of its own
  const hooks = "transformer/host/register-hooks";
  const bundle = await rolldown(inputOf(root, [...entriesOf(root, "transformer"), hooks, "cli/main"]));
  await write(bundle, root, isCoreOfTransformer, join(root, "dist"), "esm", ["transformer", "cli"]);
  await bundle.close();
}

function inputOf(root, names) {
  return {
    cwd: root,
    input: Object.fromEntries(names.map((name) => [name, join(root, `${name}.ts`)])),
    platform: "neutral",
    // packages, and modules of Node
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    // an entry that others need more of than it exports
    preserveEntrySignatures: "allow-extension",
    tsconfig: join(root, "tsconfig.json"),
    // package.json names the files of dist that have effects, not those of the source
    treeshake: { moduleSideEffects: () => true },
  };
}

/** Writes a bundle, and removes what another one left in the folders that are its own. */
async function write(bundle, root, isCore, dir, format, folders) {
  const { output } = await bundle.write({
    dir,
    format,
    exports: "named",
    esModule: true,
    entryFileNames: "[name].js",
    chunkFileNames: `${folders[0]}/shared/[name].js`,
    minifyInternalExports: false,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: "core", test: (id) => isCore(relative(root, id)) },
        { name: "find", test: (id) => !isCore(relative(root, id)) && isForProbes(relative(root, id)) },
      ],
    },
  });
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const folder of folders) {
    for (const name of readdirSync(join(dir, folder), { recursive: true })) {
      const file = `${folder}/${name}`;
      if (file.endsWith(".js") && !written.has(file)) rmSync(join(dir, file));
    }
  }
}

/** What nearly every program needs is one file. */
function isCoreOfRuntime(path) {
  return /^runtime\/(?!auto|internal-node|(?:usdt|control|bridge|testing|output\/writers)\/)/.test(path);
}

/** What readers and writers of probe files share. */
function isForProbes(path) {
  return /^runtime\/usdt\/(?:find|node|shared)\.ts$/.test(path);
}

/** And what nearly every build needs; the graft is for tsc. */
function isCoreOfTransformer(path) {
  return (
    /^transformer\/(?!apply\/graft|host\/)/.test(path) ||
    /^transformer\/host\/(?:build|collection|dump|listener|load|package|rewrite|rewrite-file|settings|source-files)\.ts$/.test(
      path,
    ) ||
    /^runtime\/(?:code|level|target|platform|usdt\/.+)\.ts$/.test(path)
  );
}

/** What package.json exports of a folder: `runtime/internal`. */
function entriesOf(root, folder) {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = JSON.stringify(exports).matchAll(new RegExp(`"\\./dist/(${folder}/.+?)\\.js"`, "g"));
  return [...new Set([...files].map(([, name]) => name))].sort();
}
