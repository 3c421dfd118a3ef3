// Runs every suite in a process of its own, two at a time, and sums what they report.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const suites = readdirSync(here)
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs one suite; a suite that dies or reports nothing counts as a failure. */
async function run(suite) {
  const child = spawn(process.execPath, ["--import", "tsx", join(here, suite)], { cwd: dirname(here) });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const started = performance.now();
  const code = await new Promise((resolve) => child.on("close", resolve));
  const count = (label) =>
    [...output.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, "gm"))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  const [all, passed, skipped] = [count("Total"), count("Passed"), count("Skipped")];
  // What uvu counts as passed of the total; skipped ones are in neither.
  const failed = all - passed - skipped > 0 ? all - passed - skipped : 0;
  total.passed += passed;
  total.skipped += skipped;
  total.failed += failed > 0 ? failed : code === 0 && all + skipped > 0 ? 0 : 1;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = code === 0 && failed === 0 && all + skipped > 0 ? "ok  " : "FAIL";
  console.log(`${verdict} ${suite} (${passed} of ${all}, ${seconds} s)`);
  const notes = output.split("\n").filter((line) => /^(skip|note):/.test(line));
  console.log(verdict === "FAIL" ? output : notes.join("\n").trim() || "");
}

const queue = [...suites];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let suite = queue.shift(); suite !== undefined; suite = queue.shift()) await run(suite);
  }),
);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
