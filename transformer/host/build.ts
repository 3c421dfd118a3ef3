import { join } from "node:path";
import { resolveOptions, type HostFacts, type Options, type Origin } from "../index.ts";
import { Collection } from "./collection.ts";
import { packageFinder } from "./package.ts";
import { rewriteFile, type RewriteResult } from "./rewrite-file.ts";

/** What a bundler's plugin does, whatever its shape. */
export interface Build {
  /** Resolves the options again, with what the bundler knows better than the process. */
  configure(host: HostFacts): void;
  /** What a text holds that is to be rewritten, for bundlers that ask before they hand it over. */
  readonly naming: RegExp;
  /** Rewrites one file, and notes what it adds to the catalogue; `null`: there is nothing of ours in it. */
  rewrite(code: string, id: string, origin?: Origin): RewriteResult | null;
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
    rewrite(code, id, origin) {
      const result = rewriteFile(code, id, forFile(id), origin);
      collection.set(id, result?.catalogue);
      return result;
    },
    writeCatalogue: (folder, ids) => collection.write(folder, forFile(join(options.root, "package.json")), ids),
  };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
