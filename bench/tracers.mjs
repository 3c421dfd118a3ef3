/** Attaches to a running program as tracers do. Root only. */
import { execFileSync, spawn, spawnSync } from "node:child_process";

/** Whether this machine can. */
export function canTrace() {
  return (
    process.getuid?.() === 0 &&
    ["bpftrace", "readelf", "python3"].every((command) => spawnSync(command, ["--version"]).status === 0)
  );
}

/** Runs while bpftrace counts the hits of a probe. */
export async function withCount(pid, place, run) {
  const program = `BEGIN { printf("attached\\n"); } ${place} { @ = count(); }`;
  const tracer = spawn("bpftrace", ["-p", String(pid), "-e", program], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve, reject) => {
    tracer.stdout.on("data", (chunk) => String(chunk).includes("attached") && resolve());
    tracer.once("close", () => reject(new Error(`bpftrace cannot attach to ${place}`)));
  });
  const result = await run();
  const ended = new Promise((resolve) => tracer.once("close", resolve));
  const again = setInterval(() => tracer.kill("SIGINT"), 1000);
  tracer.kill("SIGINT");
  await ended;
  clearInterval(again);
  return result;
}

/**
 * Runs while the semaphore of a probe is up as old tracers count it, by writing into the process: nothing is patched,
 * so what is measured is our part of a hit.
 */
export async function withSemaphore(pid, file, name, run) {
  const script = `import re,sys
note = re.search(r"Name: ${name}\\s+Location: \\S+ Base: \\S+ Semaphore: (0x\\w+)", sys.stdin.read())
base = next(int(line.split("-")[0], 16) for line in open("/proc/${pid}/maps") if "${file}" in line)
memory = open("/proc/${pid}/mem", "r+b", 0)
memory.seek(base + int(note.group(1), 16)); memory.write(bytes([int(sys.argv[1]), 0]))`;
  const notes = execFileSync("readelf", ["-nW", file], { encoding: "utf8" });
  const set = (value) => execFileSync("python3", ["-c", script, String(value)], { input: notes });
  set(1);
  const result = await run();
  set(0);
  return result;
}
