/**
 * `import dtracing from "dtracing/esbuild"`: the plugin for esbuild, which reads and compiles what is not named to us by
 * itself: a file that goes through a plugin costs it a message to this process and back.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { PartialMessage, Plugin } from "esbuild";
import { formatWithFrames, type Diagnostic, type Options } from "../index.ts";
import { makeBuild } from "./build.ts";
import { withInlineMap } from "./rewrite.ts";
import { dependency, sourceFile } from "./source-files.ts";

const plugin = (given?: Options): Plugin => ({
  name: "dtracing",
  setup({ initialOptions, onLoad, onEnd }) {
    const { absWorkingDir: cwd = process.cwd(), outdir, outfile, platform } = initialOptions;
    const build = makeBuild(given);
    onLoad({ filter: sourceFile, namespace: "file" }, ({ path }) => {
      if (dependency.test(path)) return undefined;
      const code = readFileSync(path, "utf8");
      const result = build.rewrite(code, path);
      if (result === null) return undefined;
      const { edited } = result;
      const errors = messagesOf(result.errors, code, path);
      const warnings = messagesOf(result.warnings, code, path);
      if (edited === null) return { errors, warnings };
      return { contents: withInlineMap(edited.code, edited.map), loader: "default", warnings };
    });
    // Beside the output: the running program looks for its probes there.
    const folder = outdir ?? (outfile === undefined ? undefined : dirname(outfile));
    if (folder === undefined || platform !== "node") return;
    onEnd(() => build.writeCatalogue(resolve(cwd, folder)));
  },
});
export default plugin;

/** With their frames, which esbuild shows only for text that it has read itself. */
function messagesOf(diagnostics: readonly Diagnostic[], code: string, file: string): PartialMessage[] {
  return diagnostics.map((one) => ({
    text: formatWithFrames([one], code),
    // esbuild counts columns from 0
    location: { file, line: one.line, column: one.column - 1 },
  }));
}
