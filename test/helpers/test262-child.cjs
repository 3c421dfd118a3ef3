/** Runs one program of Test262 in this realm, and reports. */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { runInThisContext } = require("node:vm");

const [, , checkout, file, text] = process.argv;
const { harness, isAsync, mode, plain } = JSON.parse(text);
const counts = { created: 0, closed: 0 };
if (!plain) {
  const { registry, setContextMode } = require("dtracing");
  setContextMode(mode);
  const layer = {
    onNewSpan: () => void counts.created++,
    onEnter() {},
    onExit() {},
    onClose: () => void counts.closed++,
  };
  registry().with(layer).init();
  globalThis.require = require;
}
const log = console.log;
let isDone = false;
function report(passed, problem) {
  if (isDone) return;
  isDone = true;
  // what was called without being waited for may still end
  setImmediate(() => log(`REPORT ${JSON.stringify({ passed, problem, ...counts })}`));
}
process.on("uncaughtException", (error) => report(false, String(error?.stack ?? error)));
globalThis.print = (line) => report(line === "Test262:AsyncTestComplete", String(line));
globalThis.$262 = { global: globalThis, gc: globalThis.gc, evalScript: (code) => runInThisContext(code) };
try {
  for (const name of harness)
    runInThisContext(readFileSync(join(checkout, "harness", name), "utf8"), { filename: name });
  runInThisContext(readFileSync(file, "utf8"), { filename: file });
  if (!isAsync) report(true);
} catch (error) {
  report(false, String(error?.stack ?? error));
}
process.on("exit", () => {
  if (!isDone) log(`REPORT ${JSON.stringify({ passed: false, problem: "it never ended", ...counts })}`);
});
