/** `init`, `doctor`, `explain` and `tsc` as a new user would try them, on projects as their templates make them. */
import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";

interface Place {
  readonly folder: string;
  run(...given: string[]): string;
  read(file: string): string;
  write(file: string, content: string | object): void;
}

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** A project in a temporary folder; `packages` are put into its node_modules, as names or as a version alone. */
function inProject(
  files: Readonly<Record<string, string | object>>,
  packages: Readonly<Record<string, string>>,
  use: (place: Place) => void,
): void {
  const folder = mkdtempSync(join(tmpdir(), "dtracing-cli-"));
  const write = (file: string, content: string | object): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
  };
  try {
    for (const [file, content] of Object.entries(files)) write(file, content);
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    symlinkSync(root, join(folder, "node_modules/dtracing"), "dir");
    for (const [name, at] of Object.entries(packages)) {
      if (at === "") symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "dir");
      else write(`node_modules/${name}/package.json`, { name, version: at });
    }
    use({
      folder,
      write,
      read: (file) => readFileSync(join(folder, file), "utf8"),
      run(...given) {
        const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
        const options: SpawnSyncOptionsWithStringEncoding = {
          cwd: folder,
          env,
          encoding: "utf8",
          stdio: "pipe",
          input: "",
        };
        const { stdout, stderr, status } = spawnSync(
          process.execPath,
          [join(root, "dist/cli/main.js"), ...given],
          options,
        );
        return `${stdout}${stderr}${status === 0 ? "" : `status ${status}\n`}`.replaceAll(folder, "<project>");
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const vite = {
  "package.json": {
    name: "shop",
    private: true,
    type: "module",
    scripts: { dev: "vite", build: "tsc -b && vite build" },
    dependencies: { dtracing: "*" },
    devDependencies: { typescript: "~5.9.3", vite: "^8.0.0" },
  },
  "vite.config.ts": `import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

// https://vite.dev/config/
export default defineConfig({
  plugins: [react()],
});
`,
  "src/main.ts": `import { trace } from "dtracing";\n\nconst port = 80;\ntrace.info!({ port }, "listening");\n`,
};

test("init, a Vite project: the plugin is put first, and a second time nothing changes", () => {
  inProject(vite, { typescript: "", vite: "" }, ({ run, read }) => {
    const shown = `vite.config.ts
  import react from "@vitejs/plugin-react";
+ import dtracing from "dtracing/vite";
  
  export default defineConfig({
-   plugins: [react()],
+   plugins: [dtracing(), react()],
  });
`;
    const first = run("init");
    assert.is(first, `${shown}\nnothing is written; run it again with --yes\n`);
    assert.is(run("init", "--dry-run"), first.replace(/\nnothing is.*\n$/, "\n"));
    assert.is(read("vite.config.ts"), vite["vite.config.ts"]);
    assert.match(run("init", "--yes"), /\nchanged vite\.config\.ts\n$/);
    assert.is(
      read("vite.config.ts"),
      vite["vite.config.ts"]
        .replace("[react()]", "[dtracing(), react()]")
        .replace(`react";\n`, `react";\nimport dtracing from "dtracing/vite";\n`),
    );
    assert.is(run("init", "--yes"), "nothing to do\n");
    assert.is(
      run("doctor"),
      `ok   Node ${process.versions.node}
ok   dtracing ${version}
ok   TypeScript 5.9.3
ok   vite.config.ts has the plugin
ok   1 callsite in 1 file, 0 of them stripped
note no build with callsites is found in this folder
     build once, then ask again

all is well
`,
    );
  });
});

test("an empty Vite project, as create-vite makes it: init, a build for browsers, doctor", () => {
  const empty = {
    "package.json": {
      name: "app",
      private: true,
      type: "module",
      scripts: { dev: "vite", build: "tsc && vite build" },
      devDependencies: { typescript: "~7.0.2", vite: "^8.3.4" },
    },
    "tsconfig.json": { compilerOptions: { noEmit: true, types: ["vite/client"] }, include: ["src"] },
    "index.html": `<!doctype html><script type="module" src="/src/main.ts"></script>\n`,
    "src/main.ts": `document.body.textContent = "hello";\n`,
  };
  inProject(empty, { typescript: "7.0.2", vite: "" }, ({ folder, run, write }) => {
    assert.is(
      run("init", "--yes"),
      `vite.config.mjs
+ import { defineConfig } from "vite";
+ import dtracing from "dtracing/vite";
+ 
+ export default defineConfig({ plugins: [dtracing()] });

package.json
      "vite": "^8.3.4"
+   },
+   "dependencies": {
+     "dtracing": "^${version}"
    }

changed vite.config.mjs, package.json
now run: npm install
`,
    );
    assert.is(run("init", "--yes"), "nothing to do\n");
    write("src/main.ts", `import { trace } from "dtracing";\ntrace.info!({ at: location.href }, "loaded");\n`);
    assert.match(
      run("doctor"),
      "note no build with callsites is found in this folder\n     build once, then ask again\n",
    );
    const vite = join(root, "node_modules/vite/bin/vite.js");
    spawnSync(process.execPath, [vite, "build", "--logLevel", "error"], { cwd: folder, stdio: "inherit" });
    assert.is(
      run("doctor"),
      `ok   Node ${process.versions.node}
ok   dtracing ${version}
ok   TypeScript 7.0.2, which needs a bundler's plugin or \`dtracing tsc\`
ok   vite.config.mjs has the plugin
ok   1 callsite in 1 file, 0 of them stripped
ok   the plugin reached 1 file of a build for browsers, without probes

all is well
`,
    );
  });
});

const compiled = {
  "package.json": {
    name: "tool",
    type: "module",
    scripts: { build: "tsc -p .", check: "tsc --noEmit" },
    dependencies: { dtracing: "*" },
  },
  "tsconfig.json": `{
  // what is compiled
  "compilerOptions": {
    "target": "es2022",
    "module": "nodenext",
    "lib": ["es2023", "esnext.disposable"],
    "types": [],
    "skipLibCheck": true,
    "strict": true,
    "rootDir": "src",
    "outDir": "out",
    "declaration": true,
    "sourceMap": true,
  },
  "include": ["src"],
}
`,
  "src/main.ts": `import { trace } from "dtracing";
export const port: number = 80;
trace.debug!({ port }, "starting"); trace.info!({ port }, "on {port}");
`,
};

test("init, a tsc project with TypeScript 5.9: the plugin, tspc and ts-patch", () => {
  inProject(compiled, { typescript: "" }, ({ run, read }) => {
    assert.is(
      run("init", "--yes"),
      `tsconfig.json
    "compilerOptions": {
+     "plugins": [{ "transform": "dtracing/ts-transformer" }],
      "target": "es2022",

package.json
    "scripts": {
-     "build": "tsc -p .",
+     "build": "tspc -p .",
      "check": "tsc --noEmit"
      "dtracing": "*"
+   },
+   "devDependencies": {
+     "ts-patch": "~3.3.0"
    }

changed tsconfig.json, package.json
now run: npm install
`,
    );
    assert.match(read("tsconfig.json"), "// what is compiled");
    assert.is(run("init", "--yes"), "nothing to do\n");
  });
});

test("init, a tsc project with TypeScript 7: dtracing tsc; ts-patch beside it is recognised", () => {
  inProject(compiled, { typescript: "7.0.2" }, ({ run, write }) => {
    assert.match(run("init", "--yes"), /- {5}"build": "tsc -p \."\n?.*\n\+ {5}"build": "dtracing tsc -p \."/);
    assert.is(run("init", "--yes"), "nothing to do\n");
    assert.match(run("doctor"), /ok {3}TypeScript 7\.0\.2, which needs a bundler's plugin or `dtracing tsc`\n/);
    write("node_modules/ts-patch/package.json", { name: "ts-patch", version: "3.3.0" });
    assert.match(
      run("doctor"),
      "BAD  TypeScript 7.0.2 with ts-patch 3.3.0 cannot work: TypeScript 7 has no plugins, and ts-patch fails to load it\n",
    );
    assert.match(run("doctor"), /1 thing does not work\nstatus 1\n$/);
  });
});

test("init, a Next project: the configuration is wrapped", () => {
  const config = `import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  /* config options here */
};

export default nextConfig;
`;
  const manifest = { name: "site", dependencies: { dtracing: "*", next: "16.0.0", react: "19.0.0" } };
  inProject({ "package.json": manifest, "next.config.ts": config, "tsconfig.json": {} }, {}, ({ run, read }) => {
    assert.is(
      run("init", "--yes"),
      `next.config.ts
  import type { NextConfig } from "next";
+ import { withDtracing } from "dtracing/next";
  
  
- export default nextConfig;
+ export default withDtracing(nextConfig);

changed next.config.ts
`,
    );
    assert.is(run("init", "--yes"), "nothing to do\n");
    assert.match(read("next.config.ts"), "withDtracing(nextConfig)");
  });
});

test("init, CommonJS configurations and ones that are not understood", () => {
  const files = {
    "package.json": { name: "old", dependencies: { dtracing: "*" } },
    "webpack.config.js": `const path = require("node:path");\nmodule.exports = { entry: "./src/main.ts" };\n`,
    "jest.config.js": `module.exports = {};\n`,
    "rollup.config.mjs": `export default makeConfig;\n`,
  };
  inProject(files, {}, ({ run, read }) => {
    const shown = run("init", "--yes");
    assert.match(
      shown,
      `rollup.config.mjs: import dtracing from "dtracing/rollup"; and put dtracing() first into plugins`,
    );
    assert.is(
      read("webpack.config.js"),
      `const dtracing = require("dtracing/webpack").default;\nconst path = require("node:path");\nmodule.exports = { plugins: [dtracing()], entry: "./src/main.ts" };\n`,
    );
    assert.is(read("jest.config.js"), `module.exports = { transform: { "\\\\.[cm]?[jt]sx?$": "dtracing/jest" } };\n`);
  });
});

test("explain shows a line before and after, also stripped, and says where there are calls", () => {
  inProject(compiled, {}, ({ run }) => {
    assert.is(
      run("explain", "src/main.ts:3"),
      `3:1 event "starting", DEBUG, target tool::main, values port
3:37 event "on {port}", INFO, target tool::main, values port

before
    3 | trace.debug!({ port }, "starting"); trace.info!({ port }, "on {port}");

after
    3 | $on[0] !== 0 && $dt.event($sites, 0)?.(port); $on[1] !== 0 && $dt.event($sites, 1)?.(port);
`,
    );
    assert.match(run("explain", "src/main.ts:3", "--max-level", "info"), /3:1 event "starting", stripped, /);
    assert.is(
      run("explain", "src/main.ts:1"),
      "dtracing: no macro is called in line 1; there are some in 3\nstatus 1\n",
    );
    assert.match(run("explain", "src/none.ts"), /^dtracing: cannot read /);
    assert.match(run("explain", "src/main.ts"), /\$sites\(\) \{ return \["src\/main\.ts"/);
  });
});

test("doctor tells of mistakes in the source and of a bundler without the plugin", () => {
  inProject(
    { ...vite, "src/main.ts": `import { trace } from "dtracing";\ntrace.inof!("x");\n` },
    { typescript: "", vite: "" },
    ({ run }) => {
      const said = run("doctor");
      assert.match(said, "BAD  vite.config.ts does not name dtracing\n     npx dtracing init\n");
      assert.match(said, /BAD {2}src\/main\.ts:2:1 E001: "inof" is not a macro of trace\n/);
      assert.match(said, /2 things do not work\nstatus 1\n$/);
    },
  );
});

test("tsc: declarations, transformed code and maps; a type error at its place; a mistake stops it", () => {
  inProject(compiled, { typescript: "" }, ({ folder, run, read, write }) => {
    assert.is(run("tsc", "-p", "."), "");
    assert.match(read("out/main.js"), /\$on\[1\] !== 0 && \$dt\.event\(\$sites, 1\)\?\.\(port\);/);
    assert.is(read("out/main.d.ts"), "export declare const port: number;\n");
    assert.equal(JSON.parse(read("out/main.js.map")).sources, ["../src/main.ts"]);
    assert.ok(existsSync(join(folder, "out/tool.callsites.json")));
    assert.match(run("doctor"), /out\/tool\.callsites\.json: the plugin reached 1 file, 2 callsites\n/);
    write("package.json", { ...compiled["package.json"], dtracing: { maxLevel: "info" } });
    assert.is(run("tsc", "-p", "."), "");
    assert.not.match(read("out/main.js"), "starting");
    write("src/main.ts", `${compiled["src/main.ts"]}const s: string = port; void s;\n`);
    assert.match(run("tsc", "-p", "."), /^src\/main\.ts\(4,7\): error TS2322: .*\nstatus 2\n$/);
    write("src/main.ts", `import { trace } from "dtracing";\ntrace.info!({ a: 1 }, "{b}");\n`);
    assert.match(run("tsc", "-p", "."), /src\/main\.ts:2:\d+ dtracing\(E009\).*\n[^]*status 1\n$/);
    assert.equal(spawnSync("ls", ["-A", folder], { encoding: "utf8" }).stdout.trim().split("\n"), [
      "node_modules",
      "out",
      "package.json",
      "src",
      "tsconfig.json",
    ]);
  });
});

test("tsc -b follows references", () => {
  const options = {
    target: "es2022",
    module: "nodenext",
    types: [],
    skipLibCheck: true,
    composite: true,
    outDir: "out",
    rootDir: "src",
  };
  const files = {
    "package.json": { name: "tool", type: "module" },
    "tsconfig.json": { files: [], references: [{ path: "./lib" }, { path: "./app" }] },
    "lib/tsconfig.json": { compilerOptions: options, include: ["src"] },
    "lib/src/lib.ts": `import { trace } from "dtracing";\nexport function lib(): number { trace.info!("in lib"); return 1; }\n`,
    "app/tsconfig.json": { compilerOptions: options, include: ["src"], references: [{ path: "../lib" }] },
    "app/src/app.ts": `import { trace } from "dtracing";\nimport { lib } from "../../lib/out/lib.js";\ntrace.info!({ n: lib() }, "in app");\n`,
  };
  inProject(files, { typescript: "" }, ({ run, read }) => {
    assert.is(run("tsc", "-b"), "");
    assert.match(read("lib/out/lib.js"), /\$dt\.event/);
    assert.match(read("app/out/app.js"), /\$dt\.event\(\$sites, 0\)\?\.\(lib\(\)\)/);
    assert.match(read("lib/out/lib.d.ts"), "export declare function lib(): number;");
  });
});

test("every command has its help, and a wrong one is told", () => {
  inProject({ "package.json": {} }, {}, ({ run }) => {
    for (const name of ["init", "doctor", "explain", "tsc"])
      assert.match(run(name, "--help"), new RegExp(`^dtracing ${name}`));
    assert.match(run("explian"), /^dtracing: unknown command "explian"; there are .*\nstatus 1\n$/);
    assert.match(run("init", "--yse"), /^dtracing: Unknown option '--yse'/);
  });
});

test.run();
