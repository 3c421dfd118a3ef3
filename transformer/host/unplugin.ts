/** The one adapter behind every bundler's plugin: unplugin's conventions around the transformer and the text applier. */
import { createUnplugin, type UnpluginContext, type UnpluginInstance, type UnpluginMessage } from "unplugin";
import {
  applyText,
  formatDiagnostic,
  frameOf,
  resolveOptions,
  transform,
  type Diagnostic,
  type Options,
} from "../index.ts";
import { packageFinder } from "./package.ts";

const sources = /\.[cm]?[jt]sx?(?:$|\?)/;
/** Dependencies are built before they are published; only what the user writes is rewritten. */
const dependencies = /[\\/]node_modules[\\/]|^\0/;

/** The plugin for every bundler unplugin knows; each host takes its own from here. */
export const dtracing: UnpluginInstance<Options | undefined, false> = createUnplugin((given: Options | undefined) => {
  const host = { cwd: process.cwd(), production: process.env["NODE_ENV"] === "production" };
  let options = resolveOptions(given, host);
  let forFile = packageFinder(options);

  function resolve(cwd: string, production: boolean): void {
    options = resolveOptions(given, { cwd, production });
    forFile = packageFinder(options);
  }

  return {
    name: "dtracing",
    // Before anything lowers the source: the `!` calls and the original positions are still there.
    enforce: "pre",
    vite: {
      configResolved: (config) => resolve(config.root, config.isProduction),
    },
    webpack: (compiler) => resolve(compiler.context, compiler.options.mode === "production"),
    rspack: (compiler) => resolve(compiler.context, compiler.options.mode === "production"),
    transform: {
      filter: {
        id: { include: sources, exclude: dependencies },
        code: new RegExp(options.modules.map(escape).join("|")),
      },
      handler(code, id) {
        const transformed = transform(code, id, forFile(id));
        if (transformed === null) return null;
        report(this, transformed.diagnostics, code, id);
        return transformed.edits.length === 0 ? null : applyText(code, transformed.edits, id);
      },
    },
  };
});

/** Warnings pass; errors stop the build at the first one's place, with every message and its frame. */
function report(context: UnpluginContext, diagnostics: readonly Diagnostic[], code: string, id: string): void {
  for (const warning of diagnostics) if (warning.severity === "warning") context.warn(messageOf([warning], code, id));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) context.error(messageOf(errors, code, id));
}

/** The frames are part of the text: esbuild and webpack show no other, and Rollup and Vite one at the most. */
function messageOf(diagnostics: readonly Diagnostic[], code: string, id: string): UnpluginMessage {
  const message = diagnostics.map((one) => `${formatDiagnostic(one)}\n${frameOf(code, one)}`).join("\n");
  const [first] = diagnostics;
  // Bundlers count columns from 0.
  return first === undefined
    ? { message }
    : { message, id, loc: { file: id, line: first.line, column: first.column - 1 } };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
