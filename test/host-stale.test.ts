/** What a build left beside its output goes when a later one has no more to say. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Catalogue } from "../runtime/usdt/catalogue.ts";
import { bundlers, project, root } from "./helpers/build.ts";

type Build = (folder: string, maxLevel: string) => unknown;

const hosts: Readonly<Record<string, Build>> = {
  rollup: (folder, maxLevel) => bundlers.rollup(folder, "src/main.ts", { maxLevel }),
  esbuild: (folder, maxLevel) => bundlers.esbuild(folder, "src/main.ts", { maxLevel }),
  tspc(folder, maxLevel) {
    const plugins = [{ transform: "dtracing/ts-transformer", maxLevel }];
    const compilerOptions = { target: "es2022", module: "nodenext", types: [], skipLibCheck: true, noCheck: true };
    const text = JSON.stringify({
      compilerOptions: { ...compilerOptions, outDir: folder, plugins },
      files: ["src/main.ts"],
    });
    writeFileSync(join(folder, "tsconfig.json"), text);
    execFileSync(process.execPath, [join(root, "node_modules/ts-patch/bin/tspc.js"), "-p", folder], { cwd: folder });
  },
};
const calling = `import { trace } from "dtracing";\ntrace.info!("here");\nexport const n = 1;\n`;

for (const [name, build] of Object.entries(hosts)) {
  test(`${name}: probe files go when all is stripped, the catalogue when there is no call`, async () => {
    const { folder, write, close } = project();
    const left = (): readonly string[] => readdirSync(folder).filter((file) => file.startsWith("fixture."));
    try {
      write("src/main.ts", calling);
      await build(folder, "trace");
      assert.equal(left(), ["fixture.callsites.json", "fixture.probes.arm64.node", "fixture.probes.x64.node"]);
      await build(folder, "off");
      assert.equal(left(), ["fixture.callsites.json"]);
      const catalogue = JSON.parse(readFileSync(join(folder, "fixture.callsites.json"), "utf8")) as Catalogue;
      assert.equal([catalogue.callsites.length, catalogue.stripped.length], [0, 1]);
      write("src/main.ts", "export const n = 1;\n");
      await build(folder, "trace");
      assert.equal(left(), []);
    } finally {
      close();
    }
  });
}

test.run();
