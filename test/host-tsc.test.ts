/** `dtracing tsc --watch` with real compilers: TypeScript 7, where fixtures/hosts has it installed, and 5.9. */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";

const compilers = [
  join(root, "node_modules/typescript"),
  join(root, "fixtures/hosts/typescript-7/node_modules/typescript"),
];
const options = { target: "es2022", module: "nodenext", types: [], skipLibCheck: true, strict: true };
const source = (text: string): string =>
  `import { trace } from "dtracing";\nexport const n: number = 1;\ntrace.info!({ n }, "${text}");\n`;

interface Watched {
  readonly folder: string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** The status of the next build, and what was printed since the one before. */
  built(): Promise<readonly [status: string | undefined, printed: string]>;
}

async function watching(
  compiler: string,
  files: Readonly<Record<string, string>>,
  words: readonly string[],
  use: (watched: Watched) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "dtracing-watch-"));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
  symlinkSync(compiler, join(folder, "node_modules/typescript"), "dir");
  for (const [file, text] of Object.entries(files)) write(file, text);
  const child = spawn(process.execPath, [join(root, "dist/cli/main.js"), "tsc", ...words, "--watch"], { cwd: folder });
  let printed = "";
  let wake = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      printed += String(chunk);
      wake();
    });
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  void ended.then(() => wake());
  try {
    await use({
      folder,
      write,
      read: (file) => readFileSync(join(folder, file), "utf8"),
      async built() {
        for (;;) {
          const found = /dtracing: built with status (\d+), waiting for changes\n/.exec(printed);
          if (found !== null) {
            const before = printed.slice(0, found.index);
            printed = printed.slice(found.index + found[0].length);
            return [found[1], before];
          }
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${printed}`);
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    });
    child.kill("SIGTERM");
    await ended;
    const left = ["", ...readdirSync(folder)].flatMap((name) =>
      statSync(join(folder, name)).isDirectory() ? readdirSync(join(folder, name)) : [],
    );
    assert.equal(
      left.filter((name) => name.startsWith(".dtracing-")),
      [],
    );
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const compiler of compilers) {
  if (!existsSync(compiler)) {
    console.log(`skip: npm ci --prefix fixtures/hosts/typescript-7, to test ${compiler}`);
    continue;
  }
  const { version } = JSON.parse(readFileSync(join(compiler, "package.json"), "utf8")) as { version: string };

  test(`TypeScript ${version}, --watch: builds again, tells type errors and mistakes in macros, and goes on`, async () => {
    const files = {
      "package.json": JSON.stringify({ name: "tool", type: "module", dtracing: { maxLevel: "trace" } }),
      "tsconfig.json": JSON.stringify({
        compilerOptions: { ...options, rootDir: "src", outDir: "out" },
        include: ["src"],
      }),
      "src/main.ts": source("first"),
    };
    await watching(compiler, files, [], async ({ write, read, built }) => {
      assert.equal(await built(), ["0", ""]);
      assert.match(read("out/main.js"), /\$dt\.event\(\$sites, 0\)\?\.\(n\)/);
      write("src/main.ts", source("second"));
      assert.equal(await built(), ["0", ""]);
      assert.match(read("out/main.js"), `"second"`);
      write("src/main.ts", `${source("third")}const s: string = n;\nexport { s };\n`);
      const [status, printed] = await built();
      assert.is.not(status, "0");
      assert.match(printed, /src\/main\.ts\(4,7\): error TS2322/);
      write("src/main.ts", source("{nobody}"));
      const [mistaken, told] = await built();
      assert.is(mistaken, "1");
      assert.match(told, /src\/main\.ts:3:\d+ dtracing\(E009\)/);
      write("package.json", JSON.stringify({ name: "tool", type: "module", dtracing: { maxLevel: "off" } }));
      write("src/main.ts", source("fourth"));
      assert.equal(await built(), ["0", ""]);
      assert.is(read("out/main.js"), "\n\nexport const n = 1;\n".replace(/^\n\n/, ""));
    });
  });

  test(`TypeScript ${version}, -b --watch: a project that is referenced, in a folder of its own`, async () => {
    const composite = { ...options, composite: true, rootDir: "src", outDir: "out" };
    const files = {
      "package.json": JSON.stringify({ name: "tool", type: "module" }),
      "lib/tsconfig.json": JSON.stringify({ compilerOptions: composite, include: ["src"] }),
      "lib/src/lib.ts": source("in lib"),
      "app/tsconfig.json": JSON.stringify({
        compilerOptions: composite,
        include: ["src"],
        references: [{ path: "../lib" }],
      }),
      "app/src/app.ts": `import { n } from "../../lib/out/lib.js";\nimport { trace } from "dtracing";\ntrace.info!({ n }, "in app");\n`,
    };
    await watching(compiler, files, ["-b", "app"], async ({ write, read, built }) => {
      assert.equal(await built(), ["0", ""]);
      assert.match(read("app/out/app.js"), /\$dt\.event\(\$sites, 0\)\?\.\(n\)/);
      write("lib/src/lib.ts", source("changed"));
      assert.equal(await built(), ["0", ""]);
      assert.match(read("lib/out/lib.js"), `"changed"`);
      write("app/src/more/new.ts", source("in a folder of its own"));
      assert.equal(await built(), ["0", ""]);
      assert.match(read("app/out/more/new.js"), `"in a folder of its own"`);
    });
  });
}

test.run();
