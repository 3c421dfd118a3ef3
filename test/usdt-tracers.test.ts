/** perf and gdb on a running program. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildProgram, run } from "./helpers/usdt-program.ts";
import { environment, eventually, output, start, tracerTest } from "./helpers/usdt-tools.ts";

const source = `
import { trace } from "dtracing";
on("fire", (port: number, path: string) => { trace.info!({ port, path }, "listening"); });
`;
const built = await buildProgram(source);
const folder = mkdtempSync(join(tmpdir(), "dtracing-perf-"));
test.after(() => {
  built.close();
  rmSync(folder, { recursive: true });
});

tracerTest("perf probe and perf record", ["root", "perf"], async () => {
  const program = await run(built.file);
  try {
    output("perf", "buildid-cache", "--add", built.probes);
    output("perf", "probe", "--add", "sdt_fixture:main__listening");
    const data = join(folder, "perf.data");
    const tracer = start(
      "perf",
      "record",
      "-q",
      "-e",
      "sdt_fixture:main__listening",
      "-p",
      String(program.pid),
      "-o",
      data,
    );
    await eventually(
      async () => (await program.cells())[0]![0] === 1,
      () => `perf did not attach: ${tracer.text()}`,
    );
    // perf opens its event first and enables it later
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const port of [11, -12]) await program.call("fire", port, "/");
    await tracer.stop();
    const script = output("perf", "script", "-i", data);
    assert.match(script, /main__listening: .* arg2=11 /);
    assert.match(script, /main__listening: .* arg2=-12 /);
    await eventually(
      async () => (await program.cells())[0]![0] === 0,
      () => "perf left its count behind",
    );
  } finally {
    spawn("perf", ["probe", "--del", "sdt_fixture:*"], { env: environment, stdio: "ignore" });
    await program.stop();
  }
});

tracerTest("gdb stops at a probe and sees its arguments", ["root", "gdb"], async () => {
  const program = await run(built.file);
  try {
    const commands = [
      "set pagination off",
      "break -probe-stap fixture:main__listening",
      "continue",
      'printf "stopped %s %d %s\\n", (char*)$_probe_arg0, $_probe_arg1, (char*)$_probe_arg2',
      "delete",
      "detach",
      "quit",
    ];
    const tracer = start(
      "gdb",
      "-q",
      "-batch",
      "-p",
      String(program.pid),
      ...commands.flatMap((command) => ["-ex", command]),
    );
    // stopped while gdb looks around, so this is answered only once it let go
    await tracer.until(/Breakpoint 1 at/);
    await eventually(
      async () => (await program.cells())[0]![0] === 1,
      () => `gdb did not attach: ${tracer.text()}`,
    );
    await program.call("fire", 8080, "/gdb");
    await tracer.until(/stopped listening 8080 \/gdb/);
    await eventually(
      async () => (await program.cells())[0]![0] === 0,
      () => "gdb left its count behind",
    );
  } finally {
    await program.stop();
  }
});

test.run();
