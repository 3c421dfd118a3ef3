/** Source with macros to programs in the forms that people run: ESM, CommonJS, bundles. */
import { writeFileSync } from "node:fs";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import ts from "typescript";
import esbuildPlugin from "../dist/transformer/host/esbuild.js";
import rolldownPlugin from "../dist/transformer/host/rolldown.js";
import { applyText, resolveOptions, transform } from "../dist/transformer/index.js";
import { outputOf } from "./forms.mjs";
import { writeSource } from "./workspace.mjs";

/** Writes `name.ts` and its form beside it. Bundles contain the runtime. */
export async function compile(folder, name, source, form, options = {}) {
  const entry = writeSource(folder, `${name}.ts`, source);
  const out = outputOf(folder, name, form);
  switch (form) {
    case "ESM":
    case "CommonJS":
      writeFileSync(out, transpile(transformed(source, entry, folder, options), form));
      return out;
    case "esbuild":
      await build({
        entryPoints: [entry],
        outfile: out,
        bundle: true,
        format: "esm",
        platform: "node",
        target: "es2022",
        logLevel: "error",
        plugins: [esbuildPlugin({ root: folder, usdt: { off: true }, ...options })],
      });
      return out;
    case "Rolldown": {
      const bundle = await rolldown({
        input: entry,
        platform: "node",
        logLevel: "silent",
        plugins: [rolldownPlugin({ root: folder, usdt: { off: true }, ...options })],
      });
      await bundle.write({ file: out, format: "esm", codeSplitting: false });
      return out;
    }
    default:
      throw new Error(`no form is called "${form}"`);
  }
}

function transformed(source, entry, folder, options) {
  const resolved = resolveOptions(
    { packageName: "app", usdt: { off: true }, ...options },
    { cwd: folder, production: true },
  );
  const result = transform(source, entry, resolved);
  if (result === null) return source;
  const [problem] = result.diagnostics;
  if (problem !== undefined) throw new Error(`${entry}: ${problem.message}`);
  return applyText(source, result.edits, entry).code;
}

function transpile(code, form) {
  const module = form === "ESM" ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS;
  const compilerOptions = { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
