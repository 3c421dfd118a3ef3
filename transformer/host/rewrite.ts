/** What the hosts that hand over one file of text have in common: loaders, the register hook, jest. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  formatWithFrames,
  type EditedText,
  type HostFacts,
  type ModuleCallsites,
  type ResolvedOptions,
} from "../index.ts";
import { rewriteFile } from "./rewrite-file.ts";

/** The version of this package: part of every cache key, because another version may write other code. */
export const version: string = readVersion();

function readVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Edited text with its map, and what the file adds to the build's catalogue. */
export interface Rewritten extends EditedText {
  readonly catalogue: ModuleCallsites | undefined;
}

/** Rewrites one file; `undefined`: it stays as it is. Errors are thrown with their frames, warnings are told. */
export type Rewrite = (code: string, id: string) => Rewritten | undefined;

/** Rewrites files with the options that `forFile` has for each. */
export function rewriter(forFile: (id: string) => ResolvedOptions, warn: (text: string) => void): Rewrite {
  return (code, id) => {
    const result = rewriteFile(code, id, forFile(id));
    if (result === null) return undefined;
    const { errors, warnings, edited, catalogue } = result;
    for (const one of warnings) warn(formatWithFrames([one], code));
    if (errors.length > 0) throw new SyntaxError(formatWithFrames(errors, code));
    return edited === null ? undefined : Object.assign(edited, { catalogue });
  };
}

/** Text that ends with its own source map, for hosts that read it from there. */
export function withInlineMap(code: string, map: object): string {
  const data = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${data}\n`;
}

/** All that decides what is written beside the source: options as they were given, the mode, and our version. */
export function fingerprint(given: unknown, host: Partial<HostFacts>): string {
  return createHash("sha256")
    .update(JSON.stringify([version, given ?? null, host.production ?? null, host.cwd ?? null]))
    .digest("hex")
    .slice(0, 16);
}
