/** Headless Chromium, for tests that need a real browser. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The command of the browser, where there is one. */
export const browser: string | undefined = ["chromium", "chromium-browser", "google-chrome"].find((command) => {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

/** What it needs on a machine without a display, a network or a user. */
export const browserFlags: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--allow-file-access-from-files",
];

/** The text of a page's body once its timers have run. */
export async function bodyOf(page: string): Promise<string> {
  if (browser === undefined) throw new Error("no browser");
  const profile = mkdtempSync(join(tmpdir(), "dtracing-browser-"));
  try {
    const { stdout } = await promisify(execFile)(
      browser,
      [...browserFlags, `--user-data-dir=${profile}`, "--virtual-time-budget=10000", "--dump-dom", page],
      { maxBuffer: 1 << 26 },
    );
    const body = /<body[^>]*>([^]*)<\/body>/.exec(stdout)?.[1] ?? "";
    return body
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&")
      .trim();
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
