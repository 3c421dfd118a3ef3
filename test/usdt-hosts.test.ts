/** The same probe file on other versions of Node, on Bun and Deno, and its arm64 twin under qemu. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "./helpers/build.ts";
import { notesOf } from "./helpers/usdt-notes.ts";
import { buildProgram, run } from "./helpers/usdt-program.ts";
import { tracerTest } from "./helpers/usdt-tools.ts";
import { attach } from "./helpers/usdt-tracefs.ts";

const source = `
import { trace } from "dtracing";
on("fire", (port: number, path: string) => { trace.info!({ port, path }, "listening"); });
`;
const built = await buildProgram(source);
test.after(built.close);
const modules = join(root, "fixtures/hosts");
const hosts: Readonly<Record<string, string>> = {
  "Node 20": process.execPath,
  "Node 22": join(modules, "node-versions/node_modules/node-22/bin/node"),
  "Node 24": join(modules, "node-versions/node_modules/node-24/bin/node"),
  "Node 26": join(modules, "node-versions/node_modules/node-26/bin/node"),
  Bun: join(modules, "bun/node_modules/.bin/bun"),
};

for (const [name, binary] of Object.entries(hosts)) {
  if (!existsSync(binary)) {
    console.log(`skip: ${name}: not installed in fixtures/hosts`);
    continue;
  }
  tracerTest(name, ["root", "readelf"], async () => {
    const program = await run(built.file, {}, [], binary);
    try {
      const trace = attach(
        built.probes,
        notesOf(built.probes).find((note) => note.name === "main__listening")!,
        "sds",
      );
      try {
        assert.equal(await program.cells(), [[1, 0]]);
        await program.call("fire", 8080, "/ü");
        assert.equal(trace.hits(), [["listening", "8080", "/ü"]]);
      } finally {
        trace.detach();
      }
      assert.equal(await program.cells(), [[0, 0]]);
    } finally {
      await program.stop();
    }
  });
}

test.run();
