/** `dtracing probes`, `bpftrace` and `tail`: what they list, and what they say to mistakes. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";
import { buildProgram, run } from "./helpers/usdt-program.ts";
import { start, tracerTest } from "./helpers/usdt-tools.ts";

const main = join(root, "dist/cli/main.js");
const source = `
import { trace } from "dtracing";
on("fire", function fire(port: number, path: string) {
  using _span = trace.debugSpan!("serve", { path, method: "GET" }).entered();
  trace.info!({ port, path, length: path.length, ok: port > 0 }, \`port \${port}\`);
  trace.trace!({ text: "two\\nlines" }, "odd\\n");
});
`;
const built = await buildProgram(source);
test.after(built.close);

function dtracing(...given: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...given], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

test("probes: by folder, probe file, catalogue and process", async () => {
  const { out } = dtracing("probes", built.folder);
  assert.match(out, `${built.probes}: provider fixture, 3 callsites`);
  assert.match(
    out,
    /fixture:main__fire__info\n {2}INFO event fixture::main src\/main\.ts:\d+ "event src\/main\.ts:\d+"\n/,
  );
  assert.match(
    out,
    "  arg0 message text, arg1 port value, arg2 path value, arg3 length integer, arg4 ok boolean, arg5 fields json\n",
  );
  assert.match(out, "fixture:main__fire__serve\n  DEBUG span fixture::main");
  assert.match(out, "  arg0 id integer, arg1 parent integer, arg2 path value, arg3 method text, arg5 fields json\n");
  assert.match(out, "fixture:close\n  arg0 id integer, arg1 name text, arg2 busy_ns integer, arg3 total_ns integer\n");
  assert.match(out, "fixture:event__trace\n");
  assert.is(dtracing("probes", built.probes).out, out);
  assert.is(dtracing("probes", built.probes.replace("probes.x64.node", "callsites.json")).out, out);
  const program = await run(built.file);
  try {
    assert.is(dtracing("probes", String(program.pid)).out, out);
  } finally {
    await program.stop();
  }
  assert.equal(JSON.parse(dtracing("probes", built.folder, "--json").out)[0].catalogue, built.catalogue);
});

test("mistakes are a sentence, and the exit code 1", () => {
  const mistakes: readonly (readonly [given: readonly string[], sentence: string])[] = [
    [["prob"], 'unknown command "prob"; there are'],
    [["probes"], "give one folder, file or process id"],
    [["probes", "/nowhere"], "/nowhere does not exist; give a folder, a probe file or a process id"],
    [["probes", main], "is neither a probe file (*.probes.*.node) nor a catalogue"],
    [["probes", join(root, "cli")], "build with the dtracing plugin first"],
    [["probes", "999999999"], "process 999999999: there is no such process"],
    [["probes", String(process.pid)], `process ${process.pid} has loaded no probe file`],
    [["bpftrace"], "say what, and give a folder, file or process id"],
    [["bpftrace", "all", built.folder], 'unknown script "all"; there are follow, latency, top, slow, tree'],
    [["bpftrace", "follow", built.folder], `follow what? "dtracing probes ${built.folder}" lists the probes`],
    [
      ["bpftrace", "follow", "nope", built.folder],
      'there is no probe "nope"; there are main__fire__serve, main__fire__info',
    ],
    [["bpftrace", "top", "nope", built.folder], 'top takes no "nope"'],
    [["tail"], "give the id of a process: --pid 1234"],
    [["tail", "--pid", "1", "--level", "loud"], 'unknown level "loud"; use error, warn, info, debug or trace'],
    [["probes", "--wat"], "Unknown option '--wat'"],
  ];
  for (const [given, sentence] of mistakes) {
    const { code, out, err } = dtracing(...given);
    assert.equal([code, out], [1, ""], given.join(" "));
    assert.ok(err.startsWith("dtracing: ") && err.includes(sentence) && !err.includes("    at "), err);
  }
});

test("every command has a help", () => {
  for (const command of ["probes", "bpftrace", "tail"]) {
    assert.match(dtracing("--help").out, command);
    assert.match(dtracing(command, "--help").out, `dtracing ${command} `);
  }
});

tracerTest("tail: levels, spans around events, and text that would break the lines", ["root", "bpftrace"], async () => {
  const program = await run(built.file);
  try {
    const everything = start(process.execPath, main, "tail", "--pid", String(program.pid), "--spans");
    const info = start(process.execPath, main, "tail", "--pid", String(program.pid), "--level", "info");
    await Promise.all([everything.until(/attached to/), info.until(/attached to/)]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await program.call("fire", 80, "/a");
    await everything.until(/CLOSE/);
    const lines = (await everything.stop()).split("\n").map((line) => line.replace(/^\S+Z /, ""));
    assert.equal(lines.slice(1, 3), [
      ' INFO serve{path="/a" method="GET"}: fixture::main: port 80 port=80 path="/a" length=2 ok=true',
      'TRACE serve{path="/a" method="GET"}: fixture::main: odd\\n text="two\\nlines"',
    ]);
    assert.match(lines[3]!, /^CLOSE serve\{path="\/a" method="GET"\}: busy=[\d.]+ms total=[\d.]+ms$/);
    assert.is((await info.stop()).trim().split("\n").length, 2);
  } finally {
    await program.stop();
  }
});

test.run();
