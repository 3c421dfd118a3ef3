/** `transform: { "\\.tsx?$": ["dtracing/jest", { maxLevel, transformer, transformerOptions }] }`: the transformer for jest. */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import remapping, { type SourceMapInput } from "@jridgewell/remapping";
import { resolveOptions, type Options } from "../index.ts";
import { packageFinder } from "./package.ts";
import { fingerprint, rewriter, withInlineMap, type Rewrite, type Rewritten } from "./rewrite.ts";

/** Our options, and the transformer that compiles what we wrote. */
export interface JestOptions extends Options {
  /** Default: the first of @swc/jest, ts-jest and babel-jest that is installed. */
  readonly transformer?: string;
  readonly transformerOptions?: unknown;
}

interface Transformed {
  readonly code: string;
  readonly map?: unknown;
}

/** jest's transformer, in our words; its own types would make it a dependency. */
interface Transformer {
  readonly canInstrument?: boolean;
  process?(code: string, file: string, options: JestTransform): Transformed;
  processAsync?(code: string, file: string, options: JestTransform): Promise<Transformed>;
  getCacheKey?(code: string, file: string, options: JestTransform): string;
}
interface JestTransform {
  readonly config: { readonly rootDir: string };
  readonly transformerConfig?: unknown;
  readonly configString?: string;
  readonly instrument?: boolean;
}
type Factory = { createTransformer?(options?: unknown): Transformer | Promise<Transformer> } & Transformer;

const known = ["@swc/jest", "ts-jest", "babel-jest"];

export async function createTransformer(given: JestOptions = {}): Promise<Transformer> {
  const { transformer, transformerOptions, ...options } = given;
  const inner = await load(transformer, transformerOptions);
  const rewriters = new Map<string, Rewrite>();
  const rewrite = (code: string, file: string, rootDir: string): Rewritten | undefined => {
    let own = rewriters.get(rootDir);
    if (own === undefined) {
      const host = { cwd: rootDir, production: process.env["NODE_ENV"] === "production", unbuilt: true };
      own = rewriter(packageFinder(resolveOptions(options, host)), (text) => process.stderr.write(`${text}\n`));
      rewriters.set(rootDir, own);
    }
    return own(code, file);
  };
  const forInner = (options: JestTransform): JestTransform => ({
    ...options,
    transformerConfig: transformerOptions ?? {},
  });

  return {
    canInstrument: inner.canInstrument ?? false,
    getCacheKey(code, file, options_) {
      const below = inner.getCacheKey?.(code, file, forInner(options_)) ?? `${code}\0${file}\0${options_.configString}`;
      const host = { cwd: options_.config.rootDir, production: process.env["NODE_ENV"] === "production" };
      return createHash("sha256")
        .update(`${fingerprint(given, host)}\0${file}\0${options_.instrument}\0${below}`)
        .digest("hex")
        .slice(0, 32);
    },
    process(code, file, options_) {
      if (inner.process === undefined) throw new Error(`dtracing/jest: ${transformer} only works asynchronously`);
      const edited = rewrite(code, file, options_.config.rootDir);
      return composed(inner.process(edited?.code ?? code, file, forInner(options_)), edited);
    },
    ...(inner.processAsync && {
      async processAsync(code: string, file: string, options_: JestTransform) {
        const edited = rewrite(code, file, options_.config.rootDir);
        return composed(await inner.processAsync!(edited?.code ?? code, file, forInner(options_)), edited);
      },
    }),
  };
}

/** The inner transformer read our text: its map is led on to the user's, wherever it keeps it. */
function composed(result: Transformed, edited: Rewritten | undefined): Transformed {
  if (edited === undefined) return result;
  const inline = /\n\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([\w+/=]+)\s*$/.exec(result.code);
  const outer =
    inline?.[1] !== undefined
      ? Buffer.from(inline[1], "base64").toString()
      : (result.map as SourceMapInput | undefined);
  if (outer === undefined || outer === null) return result;
  const map = remapping([outer, edited.map as unknown as SourceMapInput], () => null);
  const code = inline === null ? result.code : result.code.slice(0, inline.index);
  return inline === null ? { code, map } : { code: withInlineMap(code, map), map };
}

/** From the project, not from us: what compiles the tests is the user's. */
async function load(name: string | undefined, options: unknown): Promise<Transformer> {
  const require = createRequire(join(process.cwd(), "package.json"));
  for (const one of name === undefined ? known : [name]) {
    let path;
    try {
      path = require.resolve(one);
    } catch {
      continue;
    }
    const loaded = (await import(pathToFileURL(path).href)) as { default?: Factory & { default?: Factory } } & Factory;
    const factory = [loaded, loaded.default, loaded.default?.default].find(
      (candidate) => typeof candidate?.createTransformer === "function" || typeof candidate?.process === "function",
    );
    if (factory !== undefined) return (await factory.createTransformer?.(options)) ?? factory;
  }
  throw new Error(
    name === undefined
      ? `dtracing/jest compiles no TypeScript itself: install one of ${known.join(", ")}`
      : `dtracing/jest: the transformer "${name}" is not installed`,
  );
}

const transformer: { readonly createTransformer: typeof createTransformer } = { createTransformer };
export default transformer;
