/** Components as Vite's plugins for them hand them over: a script of its own, or one module with the template. */
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MagicString } from "magic-string";
import { build, createServer, type Plugin } from "vite";
import { test } from "uvu";
import * as assert from "uvu/assert";
import dtracing from "dtracing/vite";
import { project, root } from "./helpers/build.ts";
import { installed } from "./helpers/install.ts";

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

const row = `"src/App.vue","HASH","fixture::App","3",\`[8,3,["name"],"mounted"`;
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
  assert.is(handler.call({}, compiled, "/app/src/a.ts"), null);
});

test("Vite 5, which knows no environments either, builds for servers with probes and for browsers without", async () => {
  const vite5 = join(installed(join(root, "fixtures/hosts/vite-5")), "node_modules/vite/dist/node/index.js");
  const { build: build5 } = (await import(pathToFileURL(vite5).href)) as { build(config: object): Promise<unknown> };
  const { folder, write, close } = project();
  try {
    write("src/main.ts", `import { trace } from "dtracing";\ntrace.info!({ x: 1 }, "hello");\n`);
    const common = { root: folder, logLevel: "silent", configFile: false, plugins: [dtracing()] };
    const lib = { entry: join(folder, "src/main.ts"), formats: ["es"], fileName: "main" };
    const external = ["dtracing", "dtracing/internal"];
    await build5({ ...common, build: { ssr: lib.entry, outDir: "server" }, ssr: { external } });
    await build5({ ...common, build: { lib, outDir: "browser", rollupOptions: { external } } });
    const written = (out: string): string[] => readdirSync(join(folder, out)).map((name) => name.replace(/^.*?\./, ""));
    assert.ok(written("server").includes("probes.x64.node"), String(written("server")));
    assert.not.ok(String(written("browser")).includes("probes"));
  } finally {
    close();
  }
});

test.run();
