/** Every tracer lists every callsite of the example service's build while no process runs. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root, project } from "./helpers/build.ts";
import { notesOf } from "./helpers/usdt-notes.ts";
import { builtIn } from "./helpers/usdt-program.ts";
import { environment, output, tracerTest } from "./helpers/usdt-tools.ts";
import { execFileSync, spawnSync } from "node:child_process";

const { folder, close } = project();
test.after(close);
for (const name of ["src", "package.json", "tsconfig.json"])
  cpSync(join(root, "examples/http-service", name), join(folder, name), { recursive: true });
execFileSync(process.execPath, [join(root, "node_modules/ts-patch/bin/tspc.js"), "-p", folder], {
  cwd: folder,
  stdio: "inherit",
});
const { catalogue, probes } = builtIn(join(folder, "dist"), "shop");
const own = catalogue.callsites.flatMap(({ probe }) => probe ?? []);
const closes = catalogue.callsites.flatMap(({ kind, probe }) => (kind === "span" ? `${probe}__close` : []));
const levels = new Set(catalogue.callsites.flatMap(({ kind, level }) => (kind === "event" ? level : [])));
const sharedNames = ["event", "new_span", "enter", "exit", "close", "record"];
const levelNames = ["", "error", "warn", "info", "debug", "trace"];
const all = [
  ...own,
  ...closes,
  ...sharedNames,
  ...[...levels].map((level) => `event__${levelNames[level]}`),
].toSorted();

test("the catalogue has every macro of the service", () => {
  assert.ok(own.length >= 14, `${own.length}`);
  assert.is(own.length, catalogue.callsites.length);
  const placed = catalogue.callsites.find(({ message }) => message === "answered")!;
  assert.equal(
    [placed.target, placed.level, placed.file, placed.function, placed.fields.map(({ name }) => name)],
    ["shop::http", 3, "src/server.ts", "handle", ["status"]],
  );
});

tracerTest("readelf -n", ["readelf"], () => {
  assert.equal([...new Set(notesOf(probes).map(({ name }) => name))].toSorted(), all);
  console.log(`note: ${own.length} callsites, ${all.length} names, ${notesOf(probes).length} notes`);
});

tracerTest("bpftrace -l", ["root", "bpftrace"], () => {
  const lines = output("bpftrace", "-l", `usdt:${probes}:*`).trim().split("\n");
  assert.equal(lines.map((line) => line.split(":").at(-1)).toSorted(), all);
});

tracerTest("perf list sdt, after perf buildid-cache --add", ["root", "perf"], () => {
  output("perf", "buildid-cache", "--add", probes);
  const names = [...output("perf", "list", "sdt").matchAll(/sdt_shop:(\w+)/g)].map(([, name]) => name!);
  assert.equal([...new Set(names)].toSorted(), all);
});

tracerTest("gdb info probes", ["gdb"], () => {
  const text = execFileSync("gdb", ["-batch", "-ex", "info probes stap ^shop$", probes], {
    encoding: "utf8",
    env: environment,
  });
  const names = [...text.matchAll(/^stap\s+shop\s+(\w+)/gm)].map(([, name]) => name!);
  assert.equal([...new Set(names)].toSorted(), all);
});

const tplist = ["tplist-bpfcc", "tplist"].find((name) => spawnSync("which", [name]).status === 0) ?? "tplist-bpfcc";
tracerTest("bcc tplist", ["root", tplist], () => {
  const names = [...output(tplist, "-l", probes).matchAll(/shop:(\w+)/g)].map(([, name]) => name!);
  assert.equal([...new Set(names)].toSorted(), all);
});

test.run();
