// `npm run demo`: builds the example service with tspc and with Vite, sends it concurrent requests, shows that
// every line stands in its own request's span, and then what is left of the build with maxLevel "warn".
import { execFileSync, fork } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const service = join(root, "examples/http-service");
const requests = 24;

linkPackage();
const builds = [
  { name: "tspc", output: "dist", build: (maxLevel) => buildWithTspc(maxLevel) },
  {
    name: "Vite (ssr)",
    output: "dist-vite",
    build: (maxLevel) => run("vite", ["build", "--logLevel", "warn"], { MAX_LEVEL: maxLevel }),
  },
];
for (const { name, output, build } of builds) {
  heading(`built by ${name}`);
  build("trace");
  const lines = await exercise(join(service, output, "main.js"));
  console.log(lines.slice(0, 14).join("\n"));
  console.log(`… ${lines.length} lines in all`);
  check(lines);
}
for (const { name, output, build } of builds) {
  const before = read(join(service, output));
  build("warn");
  const after = read(join(service, output));
  heading(`built by ${name} with maxLevel "warn"`);
  console.log(`calls of the runtime in the service's code: ${count(before)} before, ${count(after)} after`);
  if (count(after) === 0 || count(after) >= count(before)) fail("stripping did not do what it says");
  if (name !== "tspc") continue;
  console.log("\nsrc/price.ts:\n");
  console.log(readFileSync(join(service, "src/price.ts"), "utf8"));
  console.log("dist/price.js, whole:\n");
  console.log(readFileSync(join(service, output, "price.js"), "utf8").replace(/\/\/# sourceMappingURL.*/, ""));
}
console.log("demo passed");

/** What `npm install` would do for the example's dependency on this package. */
function linkPackage() {
  const modules = join(service, "node_modules");
  mkdirSync(modules, { recursive: true });
  if (!existsSync(join(modules, "dtracing"))) symlinkSync(root, join(modules, "dtracing"), "dir");
}

function buildWithTspc(maxLevel) {
  const config = join(service, "tsconfig.demo.json");
  const plugins = [{ transform: "dtracing/ts-transformer", maxLevel }];
  writeFileSync(config, JSON.stringify({ extends: "./tsconfig.json", compilerOptions: { plugins } }));
  rmSync(join(service, "dist"), { recursive: true, force: true });
  try {
    run("tspc", ["-p", config], {});
  } finally {
    rmSync(config);
  }
}

function run(command, args, env) {
  const bin = join(root, "node_modules/.bin", command);
  execFileSync(bin, args, { cwd: service, stdio: "inherit", env: { ...process.env, ...env } });
}

/** Starts the service, sends it concurrent requests, and answers what it logged. */
async function exercise(main) {
  const child = fork(main, [], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, PORT: "0", LOG_FORMAT: "text" },
  });
  let log = "";
  child.stdout.on("data", (chunk) => (log += chunk));
  const { port } = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`the service ended with ${code}`)));
  });
  const send = (method, id, index) =>
    fetch(`http://127.0.0.1:${port}/orders/${id}`, { method, headers: { "x-request-id": `r${index}` } }).then((r) =>
      r.text(),
    );
  const ids = Array.from({ length: requests }, (_, index) => `o${index}${index % 8 === 7 ? "x" : ""}`);
  await Promise.all(ids.map((id, index) => send("POST", id, index)));
  await Promise.all(ids.map((id, index) => send("GET", id, index)));
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("close", resolve));
  return log.trimEnd().split("\n");
}

/** Every line about an order has to stand in the span of the request for that order. */
function check(lines) {
  let inSpan = 0;
  for (const line of lines) {
    const order = /\bid="?(o\d+x?)"?(?: |$)/.exec(line.slice(line.lastIndexOf("}:")))?.[1];
    const url = /request\{[^}]*url="\/orders\/([^"]+)"/.exec(line)?.[1];
    if (order === undefined) continue;
    if (order !== url) fail(`a line about ${order} stands in the span of ${url}:\n${line}`);
    inSpan++;
  }
  const outside = lines.filter((line) => !line.includes("request{"));
  console.log(`${inSpan} lines about an order, each in its own request's span; outside of any request:`);
  console.log(outside.join("\n"));
  if (inSpan < requests * 3) fail(`only ${inSpan} lines`);
}

function read(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
}

/** Guarded calls: every one tests its cell. The bundled runtime itself has none. */
function count(code) {
  return code.match(/\[\d+\] !== 0|0 !== \([^)]*\)[^)]*\)\[\d+\]/g)?.length ?? 0;
}

function heading(text) {
  console.log(`\n── ${text} ${"─".repeat(Math.max(0, 90 - text.length))}\n`);
}

function fail(message) {
  console.error(`\ndemo failed: ${message}`);
  process.exit(1);
}
