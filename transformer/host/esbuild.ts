/**
 * `import dtracing from "dtracing/esbuild"`: the plugin for esbuild, which reads and compiles what is not named to us by
 * itself: a file that goes through a plugin costs it a message to this process and back.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { PartialMessage, Plugin } from "esbuild";
import { applyText, formatWithFrames, resolveOptions, transform, type Diagnostic, type Options } from "../index.ts";
import { Collection } from "./collection.ts";
import { dump } from "./dump.ts";
import { packageFinder } from "./package.ts";
import { withInlineMap } from "./rewrite.ts";
import { dependency, sourceFile } from "./source-files.ts";

const plugin = (given?: Options): Plugin => ({
  name: "dtracing",
  setup({ initialOptions, onLoad, onEnd }) {
    const { absWorkingDir: cwd = process.cwd(), outdir, outfile, platform } = initialOptions;
    const options = resolveOptions(given, { cwd: process.cwd(), production: process.env["NODE_ENV"] === "production" });
    const forFile = packageFinder(options);
    const collection = new Collection();
    onLoad({ filter: sourceFile, namespace: "file" }, ({ path }) => {
      if (dependency.test(path)) return undefined;
      const code = readFileSync(path, "utf8");
      const transformed = transform(code, path, forFile(path));
      collection.set(path, transformed?.catalogue);
      if (transformed === null) return undefined;
      const { diagnostics, edits } = transformed;
      const messages = (severity: Diagnostic["severity"]): PartialMessage[] =>
        messagesOf(
          diagnostics.filter((one) => one.severity === severity),
          code,
          path,
        );
      const [errors, warnings] = [messages("error"), messages("warning")];
      if (errors.length > 0 || edits.length === 0) return { errors, warnings };
      const edited = applyText(code, edits, path);
      dump(path, edited.code);
      return { contents: withInlineMap(edited.code, edited.map), loader: "default", warnings };
    });
    // Beside the output: the running program looks for its probes there.
    const folder = outdir ?? (outfile === undefined ? undefined : dirname(outfile));
    if (folder === undefined || platform !== "node") return;
    onEnd(() => collection.write(resolve(cwd, folder), forFile(resolve(options.root, "package.json"))));
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
