import { join } from "node:path";
import {
  applyText,
  formatWithFrames,
  resolveOptions,
  transform,
  type Diagnostic,
  type EditedText,
  type HostFacts,
  type Options,
  type Origin,
} from "../index.ts";
import { Collection } from "./collection.ts";
import { dump } from "./dump.ts";
import { packageFinder } from "./package.ts";

/** A message as Rollup and what follows it have them. */
interface Message {
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** Whom a bundler lets us tell: `error` stops the build, at once or later. */
export interface Listener {
  warn(message: Message): void;
  error(message: Message): void;
}

/** What a bundler's plugin does, whatever its shape. */
export interface Build {
  /** Resolves the options again, with what the bundler knows better than the process. */
  configure(host: HostFacts): void;
  /** What a text holds that is to be rewritten, for bundlers that ask before they hand it over. */
  readonly naming: RegExp;
  /** Rewrites one file; `null`: it stays as it is. */
  rewrite(code: string, id: string, listener: Listener, origin?: Origin): EditedText | null;
  /** Beside the output: the running program looks for its probes there. Without `ids` all files are in it. */
  writeCatalogue(folder: string, ids?: ReadonlySet<string>): void;
}

/** Throws `OptionsError`. */
export function makeBuild(given: Options | undefined): Build {
  const collection = new Collection();
  let options = resolveOptions(given, { cwd: process.cwd(), production: process.env["NODE_ENV"] === "production" });
  let forFile = packageFinder(options);
  return {
    configure(host) {
      options = resolveOptions(given, host);
      forFile = packageFinder(options);
    },
    naming: new RegExp([...options.modules, "@instrument"].map(escape).join("|")),
    rewrite(code, id, listener, origin) {
      const transformed = transform(code, id, forFile(id), origin);
      collection.set(id, transformed?.catalogue);
      if (transformed === null) return null;
      tell(listener, transformed.diagnostics, code, id);
      if (transformed.edits.length === 0) return null;
      const edited = applyText(code, transformed.edits, id);
      dump(id, edited.code);
      return edited;
    },
    writeCatalogue: (folder, ids) => collection.write(folder, forFile(join(options.root, "package.json")), ids),
  };
}

/** Warnings pass; errors stop the build at the first one's place, with every message and its frame. */
function tell(listener: Listener, diagnostics: readonly Diagnostic[], code: string, id: string): void {
  for (const one of diagnostics) if (one.severity === "warning") listener.warn(messageOf([one], code, id));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) listener.error(messageOf(errors, code, id));
}

/** The frames are part of the text: webpack shows no other, and Rollup and Vite one at the most. */
function messageOf(diagnostics: readonly Diagnostic[], code: string, id: string): Message {
  const message = formatWithFrames(diagnostics, code);
  const [first] = diagnostics;
  // Bundlers count columns from 0.
  return first === undefined
    ? { message }
    : { message, id, loc: { file: id, line: first.line, column: first.column - 1 } };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
