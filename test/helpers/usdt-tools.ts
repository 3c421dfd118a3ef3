/** The tracers that tests run: found, or skipped loudly; an error where DTRACING_REQUIRE_TRACER=1 demands them. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";

const required = process.env["DTRACING_REQUIRE_TRACER"] === "1";
/** A home of its own: perf and bpftrace keep caches there. */
const home = mkdtempSync(join(tmpdir(), "dtracing-home-"));
export const environment: NodeJS.ProcessEnv = { ...process.env, HOME: home, LC_ALL: "C", DEBUGINFOD_URLS: "" };

function reasonWithout(tools: readonly string[]): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return `this is ${process.platform} ${process.arch}`;
  const missing = tools.find((tool) => tool !== "root" && spawnSync("which", [tool]).status !== 0);
  if (missing !== undefined) return `${missing} is not installed`;
  return tools.includes("root") && process.getuid?.() !== 0 ? "not root" : undefined;
}

/** A test that needs tools; `root` stands for the right to trace. */
export function tracerTest(name: string, tools: readonly string[], run: () => Promise<void> | void): void {
  const reason = reasonWithout(tools);
  if (reason === undefined) test(name, run);
  else if (required) {
    test(name, () => {
      throw new Error(`DTRACING_REQUIRE_TRACER=1, and ${reason}`);
    });
  } else {
    console.log(`skip: ${name}: ${reason}`);
    test.skip(name, run);
  }
}

/** The standard output of a tool. */
export function output(tool: string, ...given: readonly string[]): string {
  return execFileSync(tool, given, {
    encoding: "utf8",
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  });
}

/** A tracer at work. */
export interface Tracer {
  readonly child: ChildProcess;
  /** What it printed so far, errors included. */
  text(): string;
  /** Waits until it printed something that matches. */
  until(pattern: RegExp): Promise<void>;
  /** Ends it as Ctrl-C does and answers what it printed. */
  stop(): Promise<string>;
}

export function start(tool: string, ...given: readonly string[]): Tracer {
  const child = spawn(tool, given, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return {
    child,
    text: () => text,
    until: (pattern) =>
      eventually(
        () => pattern.test(text),
        () => `${tool} did not print ${pattern}:\n${text}`,
      ),
    async stop() {
      // bpftrace 0.17 can miss a signal: it is told again until it listens
      const again = setInterval(() => child.kill("SIGINT"), 1500);
      child.kill("SIGINT");
      await ended;
      clearInterval(again);
      return text;
    },
  };
}

/** bpftrace with a script, once it says that it is attached. The BEGIN probe makes it say so. */
export async function bpftrace(script: string, ...given: readonly string[]): Promise<Tracer> {
  const tracer = start("bpftrace", ...given, "-e", `BEGIN { printf("attached\\n"); } ${script}`);
  await tracer.until(/^attached$/m);
  return tracer;
}

/** Waits until something holds; 20 seconds at most. */
export async function eventually(holds: () => boolean | Promise<boolean>, complaint: () => string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(complaint());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
