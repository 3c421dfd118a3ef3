import {
  applyText,
  transform,
  type Diagnostic,
  type EditedText,
  type ModuleCallsites,
  type Origin,
  type ResolvedOptions,
} from "../index.ts";
import { dump } from "./dump.ts";

/** What became of one file. */
export interface RewriteResult {
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** What is to be in its place; `null`: it stays as it is, or has errors. */
  readonly edited: EditedText | null;
  /** What it adds to the build's catalogue. */
  readonly catalogue: ModuleCallsites | undefined;
}

/** Rewrites one file; `null`: there is nothing of ours in it. */
export function rewriteFile(code: string, id: string, options: ResolvedOptions, origin?: Origin): RewriteResult | null {
  const transformed = transform(code, id, options, origin);
  if (transformed === null) return null;
  const { diagnostics, edits, catalogue } = transformed;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const warnings = diagnostics.filter(({ severity }) => severity === "warning");
  const edited = errors.length > 0 || edits.length === 0 ? null : applyText(code, edits, id);
  if (edited !== null) dump(id, edited.code);
  return { errors, warnings, edited, catalogue };
}
