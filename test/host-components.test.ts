/** Components as Vite's plugins for them hand them over: a script of its own, or one module with the template. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MagicString } from "magic-string";
import { build, createServer, type Plugin } from "vite";
import { test } from "uvu";
import * as assert from "uvu/assert";
import dtracing from "dtracing/vite";
import { project } from "./helpers/build.ts";

const component = `<template>
  <p>{{ name }}</p>
</template>

<script lang="ts">
import { trace } from "dtracing";
export const name: string = "x";
  trace.info!({ name }, "mounted");
</script>
`;

/** As @vitejs/plugin-vue: in a build the script is a module of its own, in the dev server it is compiled into one. */
function components(isSplit: boolean): Plugin {
  const script = (file: string): { code: string; map: ReturnType<MagicString["generateMap"]> } => {
    const source = readFileSync(file, "utf8");
    const start = source.indexOf("\n", source.indexOf("<script")) + 1;
    const text = new MagicString(source);
    text.remove(0, start).remove(source.indexOf("</script>"), source.length);
    if (!isSplit) text.replace(": string", "").replace("!(", "(").append("\nexport const render = () => name;\n");
    return { code: text.toString(), map: text.generateMap({ source: file, hires: true, includeContent: true }) };
  };
  return {
    name: "components",
    load(id) {
      const [file = "", query] = id.split("?");
      return file.endsWith(".vue") && query !== undefined ? script(file) : undefined;
    },
    transform(_, id) {
      if (!id.endsWith(".vue")) return undefined;
      if (!isSplit) return script(id);
      return { code: `export * from ${JSON.stringify(`${id}?vue&type=script&lang.ts`)};`, map: null };
    },
  };
}

const row = `"src/App.vue","HASH","fixture::App",\`["event",3,8,3,["name"],"mounted"`;
const rowOf = (code: string): string =>
  (/"src\/App\.vue"[^]*?"mounted"/.exec(code)?.[0] ?? code).replace(/"[0-9a-f]{8}"/, `"HASH"`).replaceAll(/\s+/g, "");

for (const isSplit of [true, false]) {
  test(`build, ${isSplit ? "a script of its own" : "one module"}: the guard, and the line of the component`, async () => {
    const { folder, write, close } = project();
    try {
      write("src/App.vue", component);
      write("src/main.ts", `export * from "./App.vue";\n`);
      mkdirSync(join(folder, "out"));
      await build({
        root: folder,
        logLevel: "silent",
        configFile: false,
        plugins: [components(isSplit), dtracing()],
        build: { ssr: join(folder, "src/main.ts"), outDir: "out", minify: false },
        ssr: { external: ["dtracing", "dtracing/internal"] },
      });
      const code = readFileSync(join(folder, "out/main.js"), "utf8");
      assert.match(code, /\$on\[0\] !== 0 && \$dt\.event\(\$sites, 0\)\?\.\(/);
      assert.is(rowOf(code), row);
    } finally {
      close();
    }
  });
}

test("the dev server: a component in one module", async () => {
  const { folder, write, close } = project();
  write("src/App.vue", component);
  const server = await createServer({
    root: folder,
    logLevel: "silent",
    configFile: false,
    plugins: [components(false), dtracing()],
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    appType: "custom",
  });
  try {
    const code = (await server.environments.ssr.transformRequest("/src/App.vue"))?.code ?? "";
    assert.match(code, /\$on\[0\] !== 0 && /);
    assert.is(rowOf(code), row);
  } finally {
    await server.close();
    close();
  }
});

test("where Vite knows no filters, only components are looked at a second time", () => {
  const [, { transform }] = dtracing({ maxLevel: "off" });
  if (typeof transform !== "object") throw new TypeError("the hook has no filter");
  const compiled = "export const x = 1;\n/** @instrument */\n";
  const handler = transform.handler as (code: string, id: string) => unknown;
  assert.is(handler.call({}, compiled, "/app/src/a.ts"), undefined);
});

test.run();
