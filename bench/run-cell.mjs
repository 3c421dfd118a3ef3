/** Starts a cell's process and reads its numbers. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { bench } from "./workspace.mjs";

/** The numbers, or `{ failed }` with what the process said. */
export function runCell(node, group, cell, folder) {
  const sink = openSync(cell.stdout ?? "/dev/null", "w");
  try {
    const { output, signal, status } = spawnSync(
      node.path,
      [...(cell.flags ?? []), join(bench, "cell.mjs"), group, JSON.stringify(cell), folder],
      {
        encoding: "utf8",
        stdio: ["ignore", sink, cell.stderr === undefined ? "pipe" : sink, "pipe"],
        env: { ...process.env, NODE_ENV: "production", NO_COLOR: "1", ...cell.env },
        timeout: 180_000,
      },
    );
    if (output?.[3]) return JSON.parse(output[3]);
    return { failed: `${signal ?? status}: ${String(output?.[2] ?? "").slice(0, 600)}` };
  } finally {
    closeSync(sink);
  }
}
