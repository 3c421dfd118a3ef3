/** Filters that ask for what the build stripped, or for what is nowhere: who tells it, when, and that nothing false is told. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Catalogue } from "../runtime/usdt/catalogue.ts";
import { buildCatalogue } from "../runtime/usdt/build-catalogue.ts";
import { writeProbeFile } from "../runtime/usdt/probe-file.ts";
import { bundlers, project, root } from "./helpers/build.ts";

const app = project();
test.after(() => app.close());

app.write(
  "src/db.ts",
  `import { trace } from "dtracing";
const log = trace.with({ target: "db" });
export function query(level: 1 | 2 | 3 | 4 | 5, user: string): void {
  using _query = log.debugSpan!("query", { user }).entered();
  log.trace!({ rows: 3, user }, "fetched a row");
  log.event!(level, { ms: 2 }, "queried");
  log.info!("done");
}
/** @instrument({ level: "trace" }) */
export function close(): void {}`,
);
app.write(
  "src/main.ts",
  `import { trace } from "dtracing";
import { close, query } from "./db.ts";
query(3, "eve");
close();
using _request = trace.infoSpan!("request", { id: 7 }).entered();
trace.info!({ ...{ open: 1 } }, "running");`,
);

/** The stderr of a run, a line each, without what every line begins with. */
function told(file: string, env: Record<string, string>, ...flags: readonly string[]): readonly string[] {
  const { stderr, status } = spawnSync(process.execPath, [...flags, file], {
    encoding: "utf8",
    cwd: app.folder,
    env: { ...process.env, NO_COLOR: "1", DTRACING_LOG: "", ...env },
  });
  assert.is(status, 0, stderr);
  return stderr.trim().split("\n").filter(Boolean).map((line) => line.replace(/^dtracing: /, "")); // prettier-ignore
}

const auto = (filter: string, file: string): readonly string[] =>
  told(file, { DTRACING_LOG: filter }, "--import", "dtracing/auto");

const built = await bundlers.esbuild(app.folder, "src/main.ts", { maxLevel: "info" });
const catalogueFile = join(app.folder, "fixture.callsites.json");
const catalogue = JSON.parse(readFileSync(catalogueFile, "utf8")) as Catalogue;
const again = "; raise maxLevel in the plugin's options and build again";

test("the catalogue names what was stripped: levels of a dynamic one and instrumented functions too", () => {
  assert.equal(
    catalogue.stripped.map(({ kind, target, level, file, line, staticMax }) => [kind, target, level, `${file}:${line}`, staticMax]), // prettier-ignore
    [
      ["span", "db", 4, "src/db.ts:4", 3],
      ["event", "db", 5, "src/db.ts:5", 3],
      ["event", "db", 4, "src/db.ts:6", 3],
      ["event", "db", 5, "src/db.ts:6", 3],
      ["span", "fixture::db", 5, "src/db.ts:10", 3],
    ],
  );
  assert.equal(catalogue.callsites.filter(({ level }) => level > 3), []); // prettier-ignore
});

test("neither the code nor the probe file have a byte of it", () => {
  assert.not.match(readFileSync(built, "utf8"), /fetched a row|"query"|rows/);
  const module = { file: "src/db.ts", hash: "h", target: "db", callsites: catalogue.callsites };
  const { callsites: _, ...gone } = module;
  const stripped = catalogue.stripped;
  const bytes = (list: Parameters<typeof buildCatalogue>[1]): string =>
    Buffer.from(writeProbeFile(buildCatalogue("app", list), "x64")).toString("hex");
  assert.is(
    bytes([module]),
    bytes([
      { ...module, stripped },
      { ...gone, file: "src/gone.ts", callsites: [], stripped },
    ]),
  );
});

test("a build of which nothing is left has a catalogue and no probe file", async () => {
  const { folder, write, close } = project();
  try {
    write("src/main.ts", `import { trace } from "dtracing";\ntrace.debug!("x");\nconsole.log("runs");`);
    await bundlers.esbuild(folder, "src/main.ts", { maxLevel: "warn" });
    const names = spawnSync("ls", [folder], { encoding: "utf8" }).stdout.trim().split("\n");
    assert.equal(names.filter((name) => name.startsWith("fixture")), ["fixture.callsites.json"]); // prettier-ignore
  } finally {
    close();
  }
});

const callsites: readonly (readonly [filter: string, expected: readonly string[]])[] = [
  ["info", []],
  ["db=info,warn", []],
  [
    "info,db=trace",
    [
      `directive db=trace asks for TRACE, but 3 callsites of target db above the static max level info were stripped from this build: src/db.ts:4, src/db.ts:5, src/db.ts:6${again}`,
    ],
  ],
  [
    "info,db=debug",
    [
      `directive db=debug asks for DEBUG, but 2 callsites of target db above the static max level info were stripped from this build: src/db.ts:4, src/db.ts:6${again}`,
    ],
  ],
  // what a more specific directive decides is not counted
  [
    "trace,db=info",
    [
      `directive trace asks for TRACE, but 1 callsite above the static max level info was stripped from this build: src/db.ts:10${again}`,
    ],
  ],
  [
    "info,[{rows}]=trace",
    [
      `directive [{rows}]=trace asks for TRACE, but 1 callsite above the static max level info was stripped from this build: src/db.ts:5${again}`,
    ],
  ],
  [
    "info,[query]=info",
    [
      `directive [query]=info is for the inside of spans, but 1 callsite above the static max level info was stripped from this build: src/db.ts:4${again}`,
    ],
  ],
  [
    "info,[request]=debug",
    [
      `directive [request]=debug asks for DEBUG inside of spans, but wherever they ran 2 callsites above the static max level info were stripped from this build: src/db.ts:4, src/db.ts:6${again}`,
    ],
  ],
  ["info,dbb=debug", ['no callsite of this build matches dbb=debug, did you mean "db"?']],
  [
    "info,fixtrue::main=debug",
    ['no callsite of this build matches fixtrue::main=debug, did you mean "fixture::main"?'],
  ],
  ["dbug", ['no callsite of this build matches dbug=trace, did you mean "debug"?']],
  ["info,fixture::gone=debug", ["no callsite of this build matches fixture::gone=debug"]],
  ["info,[reqest]=info", ['no callsite of this build matches [reqest]=info, did you mean "request"?']],
  // any field may come with the open set of the event
  ["info,fixture[{anything}]=info", []],
  // what is less than the rest is often for what is not always there
  ["info,undici=off", []],
  // it may come with a library or a bridge: told when nothing comes any more
  ["info,undici=debug", ["no callsite so far matches undici=debug"]],
];

for (const [filter, expected] of callsites) {
  test(`DTRACING_LOG=${filter} tells ${expected.length === 0 ? "nothing" : "what is doubtful"}`, () => {
    assert.equal(auto(filter, built), expected);
  });
}

test("places beyond five are counted", () => {
  app.write("many/main.ts", `import { trace } from "dtracing";\n${'trace.debug!("x");\n'.repeat(8)}trace.info!("y");`);
  return bundlers.rollup(app.folder, "many/main.ts", { maxLevel: "info" }).then((file) => {
    assert.match(auto("debug", file)[0]!, /8 callsites .*: many\/main\.ts:2, .*, many\/main\.ts:6 and 3 more; /);
  }).finally(() => bundlers.esbuild(app.folder, "src/main.ts", { maxLevel: "info" })); // prettier-ignore
});

const byCode = `import { envFilter, registry, reload, text, and, levelFilter } from "dtracing";
const [filter, handle] = reload(envFilter("info"));
registry().with(text({ timer: false, filter: FILTER })).init();`;

test("a program that makes its own registry is told, also through and() and reload()", async () => {
  for (const [filter, more] of [
    ['envFilter("info,dbb=debug")', ""],
    ['and(envFilter("info,dbb=debug"), levelFilter("trace"))', ""],
    ["filter", 'handle.reload(envFilter("info,dbb=debug"));'],
  ] as const) {
    app.write("src/own.ts", `${byCode.replace("FILTER", filter)} ${more} await import("./main.ts");`);
    const file = await bundlers.esbuild(app.folder, "src/own.ts", { maxLevel: "info" });
    assert.equal(told(file, {}), ['no callsite of this build matches dbb=debug, did you mean "db"?'], filter);
  }
  app.write(
    "src/own.ts",
    `${byCode.replace(".init()", ".dispatch()").replace("FILTER", 'envFilter("dbb=debug")')} await import("./main.ts");`,
  );
  assert.equal(told(await bundlers.esbuild(app.folder, "src/own.ts"), {}), [], "it is no program's default");
});

test("set() of a live filter answers it, and get too", async () => {
  app.write(
    "src/own.ts",
    `import { registry, text } from "dtracing"; import { liveFilter } from "dtracing/control"; import "./main.ts";
    const live = liveFilter("info");
    registry().with(text({ timer: false, filter: live.filter })).init();
    console.log(JSON.stringify([live.set("info,db=trace,dbb=info"), live.set("info,later=debug")]));`,
  );
  const file = await bundlers.esbuild(app.folder, "src/own.ts", { maxLevel: "info" });
  const { stdout } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  assert.equal(JSON.parse(stdout.trim().split("\n").at(-1)!), [
    [
      `directive db=trace asks for TRACE, but 3 callsites of target db above the static max level info were stripped from this build: src/db.ts:4, src/db.ts:5, src/db.ts:6${again}`,
      'no callsite of this build matches dbb=info, did you mean "db"?',
    ],
    ["no callsite so far matches later=debug"],
  ]);
});

test("what is loaded later is not missed: another module of the build, a library, a bridge", async () => {
  mkdirSync(join(app.folder, "node_modules/lib"), { recursive: true });
  writeFileSync(join(app.folder, "node_modules/lib/package.json"), '{ "name": "lib", "main": "lib.mjs" }');
  const lib = project();
  try {
    lib.write("package.json", '{ "name": "lib", "type": "module" }');
    lib.write("src/deep.ts", 'import { trace } from "dtracing";\ntrace.debug!("from the library");');
    const library = await bundlers.esbuild(lib.folder, "src/deep.ts");
    writeFileSync(join(app.folder, "node_modules/lib/lib.mjs"), readFileSync(library));
  } finally {
    lib.close();
  }
  app.write(
    "src/later.ts",
    `import { bridgeConsole } from "dtracing/bridge";
    setTimeout(async () => { await import("./db.ts"); await import("lib" + ""); bridgeConsole(); console.log("x"); }, 20);`,
  );
  const file = await bundlers.esbuild(app.folder, "src/later.ts");
  assert.equal(auto("info,db=debug,lib=debug,lib::deep=trace,console=debug", file), []);
  assert.equal(auto("info,lib::deeep=debug", file), [
    'no callsite so far matches lib::deeep=debug, did you mean "lib::deep"?',
  ]);
});

test("without a catalogue it is told at the end, and a catalogue of another build is none", async () => {
  const file = await bundlers.esbuild(app.folder, "src/main.ts", { maxLevel: "info" });
  const other = { ...catalogue, modules: catalogue.modules.map((module) => ({ ...module, hash: "00000000" })) };
  writeFileSync(catalogueFile, JSON.stringify(other));
  app.write(
    "src/own.ts",
    `import "./main.ts"; ${byCode.replace("FILTER", 'envFilter("info,db=trace,dbb=debug")')}
    setTimeout(() => console.error("the end"), 20);`,
  );
  const own = await bundlers.esbuild(app.folder, "src/own.ts", { maxLevel: "info" });
  const end = ["the end", 'no callsite so far matches dbb=debug, did you mean "db"?'];
  const fresh = readFileSync(catalogueFile, "utf8");
  assert.is(told(own, {}).length, 3);
  writeFileSync(catalogueFile, fresh.replaceAll(/"hash": "\w+"/g, '"hash": "00000000"'));
  assert.equal(told(own, {}), end);
  writeFileSync(catalogueFile, "{");
  assert.equal(told(own, {}), end);
  rmSync(catalogueFile);
  assert.equal(told(own, {}), end);
  void file;
});

test("an untransformed program is told at its end", () => {
  app.write("plain.mjs", 'import { trace } from "dtracing";\ntrace.info("hello");');
  const lines = auto("info,plian=debug", join(app.folder, "plain.mjs"));
  assert.is(lines.at(-1), 'no callsite so far matches plian=debug, did you mean "fixture::plain"?');
});

test("dtracing doctor counts what a build stripped, and checks a filter, as for CI", async () => {
  await bundlers.esbuild(app.folder, "src/main.ts", { maxLevel: "info" });
  const doctor = (filter: string): { readonly lines: readonly string[]; readonly status: number | null } => {
    const { stdout, status } = spawnSync(process.execPath, [join(root, "dist/cli/main.js"), "doctor", "--filter", filter], { cwd: app.folder, encoding: "utf8" }); // prettier-ignore
    return { lines: stdout.split("\n").filter((line) => /filter|directive|callsite .*matches/.test(line)), status };
  };
  const plain = doctor("warn").status;
  assert.equal(doctor("info,db=info").lines, ["ok   the filter info,db=info finds its callsites"]);
  assert.equal(doctor("info,dbb=debug"), { lines: ['BAD  no callsite of this build matches dbb=debug, did you mean "db"?'], status: 1 }); // prettier-ignore
  assert.match(doctor("info,db=trace").lines[0]!, "BAD  directive db=trace asks for TRACE, but 3 callsites");
  assert.equal(doctor("info,undici=debug"), { lines: ["note no callsite so far matches undici=debug"], status: plain }); // prettier-ignore
  app.write("old/old.callsites.json", '{ "version": 1, "provider": "old", "modules": [], "callsites": [] }');
  assert.match(
    doctor("info,db=info").lines[0]!,
    /^note .*old.callsites.json is of an older version .* filter; build again$/,
  );
  assert.match(doctor("info,db=loud").lines[0]!, 'BAD  unknown level "loud"');
  const { stdout } = spawnSync(process.execPath, [join(root, "dist/cli/main.js"), "doctor"], { cwd: app.folder, encoding: "utf8" }); // prettier-ignore
  assert.match(stdout, "fixture.callsites.json: the plugin reached 2 files, 6 callsites, 5 more stripped");
});

test.run();
