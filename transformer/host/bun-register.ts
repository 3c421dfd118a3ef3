/** `preload = ["dtracing/bun-register"]` in bunfig.toml: transforms files as Bun loads them. */
import { readFileSync } from "node:fs";
import { processRewriter } from "./load.ts";

interface Loader {
  onLoad(filter: { filter: RegExp }, load: (file: { path: string }) => { contents: string; loader: string }): void;
}
interface BunRuntime {
  readonly Bun?: { plugin(plugin: { name: string; setup(build: Loader): void }): void };
}

const { Bun: bun } = globalThis as BunRuntime;
if (bun === undefined)
  throw new Error("dtracing/bun-register is for Bun; for Node write node --import dtracing/register");
bun.plugin({
  name: "dtracing",
  setup(build) {
    const rewrite = processRewriter();
    build.onLoad({ filter: /^(?!.*[\\/]node_modules[\\/]).*\.[cm]?[jt]sx?$/ }, ({ path }) => {
      const code = readFileSync(path, "utf8");
      const loader = /[jt]sx?$/.exec(path)![0];
      // Bun reads no map of what it is given; no line moves, so its own lines are the right ones.
      return { contents: rewrite(code, path)?.code ?? code, loader };
    });
  },
});
