/** The probe file itself: the same bytes for the same callsites, right for readelf, rebuilt machine code, loadable. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildCatalogue } from "../runtime/usdt/build-catalogue.ts";
import type { ModuleCallsites } from "../runtime/usdt/catalogue.ts";
import { glue } from "../runtime/usdt/glue.ts";
import { writeProbeFile } from "../runtime/usdt/probe-file.ts";
import { probeName, providerName } from "../runtime/usdt/probe-name.ts";
import { root } from "./helpers/build.ts";
import { notesOf } from "./helpers/usdt-notes.ts";
import { output, tracerTest } from "./helpers/usdt-tools.ts";

const callsite = {
  kind: "event",
  name: "event a.ts:1",
  target: "app",
  level: 3,
  fields: [],
  line: 1,
  column: 1,
} as const;
const modules: readonly ModuleCallsites[] = [
  {
    file: "src/b.ts",
    hash: "2",
    target: "app::b",
    callsites: [
      { ...callsite, message: "ready", function: "main" },
      { ...callsite, kind: "span", name: "query", function: "find", line: 2 },
      { ...callsite, kind: "enabled", line: 3 },
      { ...callsite, message: "ready", function: "main", line: 4, level: 1 },
    ],
  },
  { file: "src/a.ts", hash: "1", target: "app::a", callsites: [callsite] },
];
const folder = mkdtempSync(join(tmpdir(), "dtracing-"));
test.after(() => rmSync(folder, { recursive: true }));

function written(architecture: "x64" | "arm64", nop: "nop10" | "nop5" = "nop10"): string {
  const file = join(folder, `${architecture}.${nop}.node`);
  writeFileSync(file, writeProbeFile(buildCatalogue("@scope/app", modules), architecture, nop));
  return file;
}

test("the same modules in another order give the same bytes", () => {
  for (const architecture of ["x64", "arm64"] as const) {
    const bytes = [modules, modules.toReversed()].map((list) =>
      writeProbeFile(buildCatalogue("app", list), architecture),
    );
    assert.ok(Buffer.compare(bytes[0]!, bytes[1]!) === 0);
  }
});

test("names are C identifiers of at most 63 characters, each once", () => {
  const taken = new Set<string>();
  assert.is(probeName("src/server.ts", "handle", "order {id} placed!", taken), "server__handle__order_id_placed");
  assert.is(probeName("src/server.ts", "handle", "order {id} placed!", taken), "server__handle__order_id_placed_2");
  assert.is(probeName("src/db/index.ts", undefined, "2 ünïts", taken), "db___2_n_ts");
  assert.is(probeName("src/select.ts", "select", "select", taken), "select");
  const long = "x".repeat(90);
  for (let i = 0; i < 20; i++)
    assert.match(`${probeName(`${long}.ts`, long, long, taken)}__close`, /^[A-Za-z_]\w{0,62}$/);
  assert.is(providerName("@scope/my-app"), "scope_my_app");
  assert.is(providerName("7zip"), "_7zip");
  assert.is(providerName("日本"), "app");
  assert.is(providerName(long).length, 40);
});

tracerTest("readelf finds every probe, at addresses that are file offsets", ["readelf"], () => {
  const catalogue = buildCatalogue("@scope/app", modules);
  for (const architecture of ["x64", "arm64"] as const) {
    const file = written(architecture);
    assert.is(spawnSync("readelf", ["-aW", file], { encoding: "utf8" }).stderr, "");
    const notes = notesOf(file);
    const own = catalogue.callsites.flatMap(({ probe }) => probe ?? []);
    assert.equal(own, ["a__info", "b__main__ready", "b__find__query", "b__main__ready_2"]);
    for (const name of own) assert.is(notes.filter((note) => note.name === name).length, 1, name);
    // the shared name's first location has a word of its own; then each has its callsite's
    const info = notes.filter(({ name }) => name === "event__info");
    assert.is(info.length, 3);
    assert.is(info[1]!.semaphore, notes.find(({ name }) => name === "a__info")!.semaphore);
    assert.is(new Set(info.map((note) => note.arguments)).size, 1);
    assert.is(new Set(info.map((note) => note.semaphore)).size, 3);
    assert.ok(notes.every(({ provider }) => provider === "scope_app"));
    for (const line of output("readelf", "-SW", file).split("\n")) {
      const [, address, offset] = /\] \.\S+\s+\w+\s+(\w{16}) (\w{6})/.exec(line) ?? [];
      if (address !== undefined && Number.parseInt(address, 16) !== 0)
        assert.is(Number.parseInt(address, 16), Number.parseInt(offset!, 16), line);
    }
    assert.match(output("readelf", "-sW", file), / FUNC .* find\n/);
  }
});

test("it loads as an addon, and takes whatever it is given", () => {
  if (process.platform !== "linux" || process.arch !== "x64") return;
  for (const nop of ["nop10", "nop5"] as const) {
    const module = { exports: {} as { cells: ArrayBuffer; index: ArrayBuffer; fire: (...values: unknown[]) => void } };
    process.dlopen(module, written("x64", nop));
    const { cells, index, fire } = module.exports;
    assert.is(cells.byteLength, 4 * (5 + 8));
    assert.is(JSON.parse(new TextDecoder().decode(index)).kinds, "33601");
    const odd = [undefined, null, {}, Symbol("s"), () => 0, -1, 1e9, NaN, 2n ** 70n, "x".repeat(1e5), "\ud800", true];
    for (let stub = -1; stub < 20; stub++)
      for (const value of odd) fire(stub, value, value, value, value, value, value, value);
    for (const value of odd) fire(value);
    fire();
  }
});

tracerTest("the machine code is what its source gives", ["gcc", "aarch64-linux-gnu-gcc"], () => {
  if (!/\) 12\.2\.0/.test(execFileSync("gcc", ["--version"], { encoding: "utf8" }))) {
    console.log("skip: the machine code was built with gcc 12.2.0, here is another one");
    return;
  }
  const text = execFileSync("node", [join(root, "runtime/usdt/glue/build.mjs"), "--print"], { encoding: "utf8" });
  for (const [name, { entry, hex }] of Object.entries(glue)) {
    const found = new RegExp(`${name}: \\{\\s+entry: (\\d+),\\s+hex: "(\\w+)"`).exec(text);
    assert.equal([found?.[1], found?.[2]], [String(entry), hex], name);
  }
});

tracerTest("musl's loader takes it", ["musl-gcc"], () => {
  const program = join(folder, "musl");
  const source = join(root, "test/helpers/usdt-musl.c");
  execFileSync("musl-gcc", ["-rdynamic", "-w", "-o", program, source], { stdio: "pipe" });
  const text = execFileSync(program, [written("x64")], { encoding: "utf8" });
  assert.match(text, /^\d+ bytes\nexports\.cells\n\d+ bytes\nexports\.index\nexports\.fire\nfired\n$/);
});

test.run();
