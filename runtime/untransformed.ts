/** What a program is told, once, when it runs without having been built with the plugin. */
import { placeOfFrame } from "./caller.ts";
import { report } from "./report.ts";

/** `frame` is the first place where that was noticed. */
export function warnUntransformed(frame: string): void {
  report(
    "untransformed",
    `not built with the dtracing plugin, first seen at ${placeOfFrame(frame) || "an unknown place"}. Everything works, but calls are slower, nothing is stripped, and there are no probes, files and lines. Add it:
  Vite:    import dtracing from "dtracing/vite";    plugins: [dtracing()]
  Rollup:  import dtracing from "dtracing/rollup";  plugins: [dtracing()]
  tsc:     "plugins": [{ "transform": "dtracing/ts-transformer" }] in tsconfig.json's compilerOptions, and build with tspc`,
    "warn",
  );
}
