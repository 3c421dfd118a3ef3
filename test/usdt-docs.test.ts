/** Runs every command of docs/usdt.md, in its order, against the service it is about. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";
import { copyService, runService, type RunningService } from "./helpers/usdt-service.ts";
import { environment, eventually, tracerTest } from "./helpers/usdt-tools.ts";

const page = readFileSync(join(root, "docs/usdt.md"), "utf8");
const commands = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) => block!.trim().split("\n"));
/** What each command must print; for tracers while the service is under load. */
const expected: readonly (readonly [command: RegExp, output: RegExp])[] = [
  [/^npx tspc/, /^$/],
  [/^ls/, /shop\.callsites\.json\n.*shop\.probes\.arm64\.node\n.*shop\.probes\.x64\.node/s],
  [
    /^npx dtracing probes/,
    /shop:server__handle__answered\n {2}INFO event shop::http src\/server\.ts:\d+ "answered"\n {2}arg0 message text, arg1 status value, arg5 fields json\n/,
  ],
  [/^bpftrace -l/, /usdt:dist\/shop\.probes\.x64\.node:shop:server__handle__answered\n/],
  [/^readelf/, /Name: server__handle__answered\n/],
  [/^gdb -batch/, /stap +shop +server__handle__answered/],
  [/^npx dtracing tail/, /INFO request\{method="POST" url="\/orders\/a0"\}: shop::http: answered status=201\n/],
  [/bpftrace latency/, /@busy_us\[request\]:[^]*@total_us\[insert\]:/],
  [/bpftrace top/, /@events\[shop::http, \d+\]: \d+\n/],
  [/bpftrace slow/, /@slowest_us\[request, \d+\]: \d+\n/],
  // The next request is one that places an order, one that looks it up, or one for what is not there.
  [
    /bpftrace tree/,
    /\d us {3}(?:place \{"order":"a\d+"\}|select \{"table":"orders"\}|- no route for \/nothing \{[^\n]*\})\n[^]*request ended after \d+ us/,
  ],
  [/bpftrace follow/, /message=answered \{"status":201\}\n/],
  [/^bpftrace -e 'usdt.*answered/, /@status\[404\]: \d+\n/],
  [/^bpftrace -e 'usdt.*event__debug/, /got a price \{"id":"a0","cents":200\}\n/],
  [/^bpftrace -p/, /@enters\[place\]: \d+\n/],
  [/^perf buildid-cache/, /^$/],
  [/^perf list/, /sdt_shop:server__handle__answered/],
  [/^perf probe --add/, /Added new event/],
  [/^perf record/, /^/],
  [/^perf script/, /sdt_shop:server__handle__answered: .* arg2=201/],
  [/^perf probe --del/, /Removed event/],
  [/^gdb -q/, /\n(201|404|200)\n/],
];

test("the page has commands, and each of them is known here", () => {
  assert.ok(commands.length > 20, `${commands.length}`);
  for (const command of commands) {
    if (!command.endsWith("&"))
      assert.ok(
        expected.some(([pattern]) => pattern.test(command)),
        command,
      );
  }
});

tracerTest("every command does what the page says", ["root", "bpftrace", "perf", "gdb", "readelf"], async () => {
  const { folder, close } = copyService();
  let service: RunningService | undefined;
  const load = setInterval(() => void service?.load(1).catch(() => {}), 200);
  try {
    for (const command of commands) {
      if (command.endsWith("&")) {
        service = await runService(folder);
        continue;
      }
      const [, output] = expected.find(([pattern]) => pattern.test(command))!;
      const text = await shell(command, folder, service?.pid, output);
      assert.match(text, output, `${command}\n${text}`);
    }
  } finally {
    clearInterval(load);
    await service?.stop();
    close();
  }
});

/** Runs a command; one that goes on until Ctrl-C gets it once it has had time, or has printed what was expected. */
async function shell(command: string, folder: string, pid: number | undefined, wanted: RegExp): Promise<string> {
  const path = `${join(folder, "node_modules/.bin")}:${process.env["PATH"]}`;
  const direct = command.replaceAll("npx ", "").replaceAll("$PID", String(pid));
  const child = spawn("bash", ["-c", `exec ${direct}`], {
    cwd: folder,
    env: { ...environment, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let closed = false;
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  child.on("close", () => (closed = true));
  if (/^(bpftrace (-e|-p)|npx dtracing tail)/.test(command)) {
    await eventually(
      () => closed || /^(Attaching|Attached|attached to)/m.test(text),
      () => `${command}\n${text}`,
    );
    const end = Date.now() + 3000;
    await eventually(
      () => closed || Date.now() > end || wanted.test(text),
      () => "",
    );
    const again = setInterval(() => child.kill("SIGINT"), 1500);
    child.kill("SIGINT");
    await eventually(
      () => closed,
      () => `${command} did not end\n${text}`,
    );
    clearInterval(again);
  }
  await eventually(
    () => closed,
    () => `${command} did not end\n${text}`,
  );
  return text.replaceAll(/^npm warn.*\n/gm, "").replaceAll(/^ERROR: .*RLIMIT_MEMLOCK.*\n/gm, "");
}

test.run();
