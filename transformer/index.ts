/** The transformer: a pure function from source text to edits. `text` and `graft` apply them. */
import { relative } from "node:path";
import { bind } from "./bindings.ts";
import type { Callsite } from "./callsite/callsite.ts";
import { findCallsites } from "./callsite/find.ts";
import { findInstrumented } from "./callsite/find-instrumented.ts";
import { written, writtenFunctions, type Origin } from "./callsite/origin.ts";
import { Diagnostics, type Diagnostic } from "./diagnostics.ts";
import type { Edit } from "./edit.ts";
import { moduleCallsites } from "./catalogue/module-callsites.ts";
import { expand, rowsOf } from "./expand/expand.ts";
import { tableOf } from "./expand/sites.ts";
import type { ModuleCallsites } from "../runtime/usdt/catalogue.ts";
import type { ResolvedOptions } from "./options.ts";
import { parse } from "./parse.ts";
import { quickTest } from "./quick-test.ts";
import { defaultTarget } from "../runtime/target.ts";

/** What there is to change in a file, and to say about it. */
export interface Transformed {
  readonly edits: readonly Edit[];
  /** Every macro call, the stripped ones (with no levels) included, in source order. */
  readonly callsites: readonly Callsite[];
  /** What the module adds to the build's catalogue; `undefined` without a callsite. */
  readonly catalogue: ModuleCallsites | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Rewrites the macros of one file. `null`: there is nothing to do, and a file that does not name us was not
 * even parsed. `id` is the file's path; a query behind it (`?vue&type=script`) is left out of targets. `origin` says
 * where the places of text that is not the file's own were written.
 */
export function transform(
  code: string,
  id: string,
  options: ResolvedOptions,
  origin: Origin = (place) => place,
): Transformed | null {
  if (!quickTest(code, options.modules)) return null;
  const path = id.replace(/[?#].*$/, "");
  const file = relativePath(options.root, path);
  const diagnostics = new Diagnostics(code, file);
  // A part of a component says its language at the end of the query.
  const parsed = parse(code, /\.[cm]?[jt]sx?$/.test(id) ? id : path);
  if ("problem" in parsed) {
    diagnostics.add("W002", parsed, parsed.problem, "its macros run untransformed");
    return { edits: [], callsites: [], catalogue: undefined, diagnostics: diagnostics.list };
  }
  const bindings = bind(parsed.program, options.modules);
  const target = defaultTarget(options.packageName, relativePath(options.packageRoot, path));
  const callsites = findCallsites(code, target, bindings, options, diagnostics).map((one) => written(one, origin));
  const found = findInstrumented({ code, ...parsed }, target, bindings, options, diagnostics);
  const instrumented = writtenFunctions(found, origin);
  const probes = { build: undefined, cache: 1, off: 0 } as const;
  const module = { code, file, target, ...parsed, bindings, probes: probes[options.usdt.place] };
  const rows = [...callsites, ...instrumented.functions.flatMap(rowsOf)];
  const table = tableOf(rows, code, target);
  const edits = expand(callsites, instrumented, table, module);
  if (edits.length + callsites.length + diagnostics.list.length === 0) return null;
  const catalogue = rows.length === 0 ? undefined : moduleCallsites({ file, hash: table.hash, target }, rows);
  return { edits, callsites: rows, catalogue, diagnostics: diagnostics.list };
}

function relativePath(root: string, path: string): string {
  return relative(root, path).replaceAll("\\", "/");
}

export { applyText, type EditedText } from "./apply/text.ts";
export { formatDiagnostic, formatWithFrames, frameOf, sentence, type Diagnostic } from "./diagnostics.ts";
export { writeCatalogue } from "./catalogue/write-catalogue.ts";
export type { Edit } from "./edit.ts";
export { OptionsError, resolveOptions, type HostFacts, type Options, type ResolvedOptions } from "./options.ts";
export type { Callsite, ModuleCallsites, Origin };
