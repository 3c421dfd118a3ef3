/** Runs a module in headless Chromium and answers what it reports. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, browserFlags } from "./browser.ts";

/** The command that starts it; `undefined` where there is none. */
export const chromium: string | undefined = process.env["CHROMIUM"] ?? browser;

/** Imports `file` in a page, calls its `run` with `mode`, and answers the result. */
export async function runInChromium(file: string, mode: unknown): Promise<unknown> {
  const page = `<!doctype html><script type="module">
    const send = (body) => fetch("/done", { method: "POST", body: JSON.stringify(body) });
    addEventListener("error", ({ message }) => send({ error: message }));
    try { send({ report: await (await import("/program.mjs")).run(${JSON.stringify(mode)}) }); }
    catch (error) { send({ error: String(error?.stack ?? error) }); }
  </script>`;
  if (chromium === undefined) throw new Error("no browser");
  const profile = mkdtempSync(join(tmpdir(), "dtracing-chromium-"));
  interface Answer {
    readonly report?: unknown;
    readonly error?: string;
  }
  let answer: (answer: Answer) => void = () => {};
  const answered = new Promise<Answer>((resolve) => (answer = resolve));
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        response.end();
        answer(JSON.parse(body) as Answer);
      });
      return;
    }
    const isProgram = request.url === "/program.mjs";
    response.setHeader("content-type", isProgram ? "text/javascript" : "text/html");
    response.end(isProgram ? readFileSync(file) : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const running = spawn(chromium, [...browserFlags, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`], {
    stdio: "ignore",
  });
  const timer = setTimeout(() => answer({ error: "nothing came back in two minutes" }), 120_000);
  try {
    const { report, error } = await answered;
    if (error !== undefined) throw new Error(`in Chromium: ${error}`);
    return report;
  } finally {
    clearTimeout(timer);
    server.close();
    const gone = new Promise((resolve) => running.once("exit", resolve));
    running.kill();
    await gone;
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    } catch {
      // its helpers still write; the folder is a temporary one
    }
  }
}
