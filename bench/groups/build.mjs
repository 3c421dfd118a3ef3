/** What the transform adds to a build: small and medium projects, by host, beside the same build without it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { plotted } from "../options.mjs";
import { writeSource } from "../workspace.mjs";

/** Files of about 150 lines; every second one has calls, 8 in each. */
const projects = { "10 files": 10, "200 files": 200 };
const kinds = ["half of them with calls", "none with calls"];
const hosts = ["tspc", "Vite", "esbuild"];

export const tables = [
  {
    id: "build",
    title: "a whole build in a process of its own",
    unit: "ms",
    value: "ms",
    reference: "without",
    variants: ["without", "with dtracing"],
  },
];

export function cells({ nodes }) {
  // compilers do not differ between Nodes as programs do
  const only = plotted(nodes);
  return Object.keys(projects).flatMap((project) =>
    kinds.flatMap((kind) =>
      hosts.flatMap((host) =>
        tables[0].variants.map((variant) => {
          const row = `${host}, ${project}, ${kind}`;
          return { table: "build", row, variant, project, hasCalls: kind === kinds[0], host, rounds: 2, nodes: only };
        }),
      ),
    ),
  );
}

const configOf = (plugins) =>
  JSON.stringify({
    compilerOptions: {
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["es2023", "dom", "esnext.disposable"],
      types: [],
      strict: true,
      skipLibCheck: true,
      noEmitOnError: false,
      outDir: "out",
      plugins,
    },
    include: ["src"],
  });

export function prepare(folder, planned) {
  for (const { project, hasCalls } of planned) {
    const at = join(folder, nameOf(project, hasCalls));
    const numbers = Array.from({ length: projects[project] }, (_, number) => number);
    for (const number of numbers)
      writeSource(at, `src/m${number}.ts`, moduleText(number, hasCalls && number % 2 === 0));
    writeSource(at, "src/main.ts", numbers.map((number) => `export * as m${number} from "./m${number}";\n`).join(""));
    writeSource(at, "tsconfig.json", configOf([]));
    writeSource(at, "tsconfig.with.json", configOf([{ transform: "dtracing/ts-transformer" }]));
  }
}

function nameOf(project, hasCalls) {
  return `build-${projects[project]}-${hasCalls ? "calls" : "none"}`;
}

function moduleText(number, hasCalls) {
  const functions = Array.from({ length: 8 }, (_, at) => {
    const call = hasCalls ? `trace.debug!({ id: order.id, at: ${at} }, "step ${at}");` : "";
    return `
/** Works on an order, step ${at}. */
export async function step${at}(order: Order, limit = ${at + 1}): Promise<Result> {
  ${call}
  const items = order.items.filter(({ price }) => price > limit);
  let total = 0;
  for (const item of items) {
    total += item.price * item.count;
    if (total > 1_000_000) throw new Error(\`order \${order.id} is too large: \${total}\`);
  }
  const names = items.map(({ name }) => name.trim().toLowerCase()).toSorted();
  const first = names[0] ?? "nothing";
  await Promise.resolve();
  return { id: order.id, total, first, names, isEmpty: items.length === 0 };
}`;
  });
  return `${hasCalls ? 'import { trace } from "dtracing";\n' : ""}
export interface Item { readonly name: string; readonly price: number; readonly count: number }
export interface Order { readonly id: number; readonly items: readonly Item[] }
export interface Result { readonly id: number; readonly total: number; readonly first: string; readonly names: readonly string[]; readonly isEmpty: boolean }
${functions.join("\n")}
export const number = ${number};
`;
}

/** Source of a script that builds; the working folder is the project's. */
const scripts = {
  esbuild: (plugin) => `import { build } from "esbuild";
${plugin ? 'import dtracing from "dtracing/esbuild";' : ""}
await build({ entryPoints: ["src/main.ts"], outfile: "out/esbuild.mjs", bundle: true, format: "esm", platform: "node", target: "es2022", sourcemap: true, external: ["dtracing", "dtracing/*"], plugins: [${plugin ? "dtracing()" : ""}] });`,
  Vite: (plugin) => `import { build } from "vite";
${plugin ? 'import dtracing from "dtracing/vite";' : ""}
await build({ configFile: false, logLevel: "silent", plugins: [${plugin ? "dtracing()" : ""}], build: { ssr: "src/main.ts", outDir: "out/vite", sourcemap: true }, ssr: { external: ["dtracing", "dtracing/internal"] } });`,
};

export async function measure({ project, hasCalls, host, variant }, folder) {
  // without the plugin the calls stay what they are
  const cwd = join(folder, nameOf(project, hasCalls));
  const hasPlugin = variant === "with dtracing";
  const args =
    host === "tspc"
      ? [join(folder, "node_modules/ts-patch/bin/tspc.js"), "-p", hasPlugin ? "tsconfig.with.json" : "tsconfig.json"]
      : ["--input-type=module", "-e", scripts[host](hasPlugin)];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${host} ended with ${status}: ${stderr || stdout}`.slice(0, 500));
  return { ms: performance.now() - start };
}
