/** The second tree of `dtracing tsc`: the transformed source, compiled without checks, its maps led back. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import remapping, { type EncodedSourceMap, type SourceMapInput } from "@jridgewell/remapping";
import { Collection } from "../transformer/host/collection.ts";
import { packageFinder } from "../transformer/host/package.ts";
import { rewriter, type Rewritten } from "../transformer/host/rewrite.ts";
import { isBelow, type Sources } from "./sources.ts";
import { compilerOption } from "./tsconfig-file.ts";

export interface Shadow {
  /** The folder of the project. */
  readonly root: string;
  /** The configuration that compiles the tree. */
  readonly config: string;
  readonly files: number;
  readonly changed: number;
  /** Puts the tree where its configuration is. */
  write(): void;
  /** Moves what was compiled to where the project wants it. */
  deliver(): void;
  remove(): void;
}

/** Transforms the tree for a compiler of a major version. Throws a `SyntaxError` for a mistake in a macro. */
export function makeShadow(
  { config: configFile, options, texts: originals }: Sources,
  major: number,
  warn: (text: string) => void,
): Shadow {
  const root = dirname(configFile);
  const sources = [...originals.keys()];
  // In the project, where imports find its packages; not in node_modules, where nothing is compiled.
  const folder = join(root, `.dtracing-${process.pid}`);
  const forFile = packageFinder(options);
  const rewrite = rewriter(forFile, warn);
  const collection = new Collection();
  const rewritten = new Map<string, Rewritten>();
  const texts = new Map<string, string>();
  for (const [file, code] of originals) {
    const shadow = join(folder, relative(root, file));
    const edited = rewrite(code, file);
    if (edited !== undefined) {
      rewritten.set(shadow, edited);
      collection.set(file, edited.catalogue);
    }
    texts.set(shadow, edited?.code ?? code);
  }
  const sourceRoot = rootDir(configFile, sources, major);
  const written = join(folder, ".out");
  const config = join(folder, "tsconfig.dtracing.json");
  const settings = JSON.stringify({
    extends: configFile,
    compilerOptions: {
      rootDir: join(folder, relative(root, sourceRoot)),
      outDir: written,
      noCheck: true,
      noEmit: false,
      emitDeclarationOnly: false,
      declaration: false,
      declarationMap: false,
      composite: false,
      incremental: false,
      isolatedDeclarations: false,
      tsBuildInfoFile: null,
      declarationDir: null,
      plugins: [],
    },
    files: [...texts.keys()],
    include: [],
    references: [],
  });
  const out = compilerOption(configFile, "outDir");
  const target = typeof out.value === "string" ? resolve(out.folder, out.value) : sourceRoot;

  return {
    root,
    config,
    files: sources.length,
    changed: rewritten.size,
    write() {
      for (const at of new Set([...texts.keys()].map((file) => dirname(file)))) {
        mkdirSync(at, { recursive: true });
        copyPackages(root, folder, join(root, relative(folder, at)));
      }
      for (const [file, text] of texts) writeFileSync(file, text);
      writeFileSync(config, settings);
    },
    deliver() {
      for (const name of existsSync(written) ? readdirSync(written, { recursive: true }).map(String) : []) {
        if (!/\.([cm]?jsx?|map|json)$/.test(name)) continue;
        const from = join(written, name);
        const to = join(target, name);
        const text = readFileSync(from, "utf8");
        write(to, withOriginal(text, from, to));
      }
      collection.write(target, forFile(join(options.root, "package.json")));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  /** Maps lead to the shadow; they are led on to the sources. */
  function withOriginal(text: string, from: string, to: string): string {
    const inline = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(text);
    if (inline?.[1] !== undefined) {
      const map = composed(JSON.parse(Buffer.from(inline[1], "base64").toString()) as EncodedSourceMap, from, to);
      const data = Buffer.from(JSON.stringify(map)).toString("base64");
      return `${text.slice(0, inline.index)}//# sourceMappingURL=data:application/json;base64,${data}`;
    }
    if (!from.endsWith(".map")) return text;
    return JSON.stringify(composed(JSON.parse(text) as EncodedSourceMap, from, to));
  }

  function composed(map: EncodedSourceMap, from: string, to: string): object {
    const hasContent = map.sourcesContent !== undefined;
    const shadows = map.sources.map((source) => resolve(dirname(from), source ?? ""));
    const led = remapping({ ...map, sourceRoot: "", sources: shadows }, (source, context) => {
      const own = context.depth === 1 ? rewritten.get(source) : undefined;
      return own === undefined ? null : (own.map as unknown as SourceMapInput);
    });
    const originals = led.sources.map((source) => {
      const path = String(source);
      const original = isBelow(folder, path) ? join(root, relative(folder, path)) : path;
      return relative(dirname(to), original).replaceAll("\\", "/");
    });
    const { sourcesContent, ignoreList: _, ...rest } = led;
    return {
      ...rest,
      file: map.file ?? basename(to, ".map"),
      sources: originals,
      ...(hasContent && { sourcesContent: sourcesContent ?? [] }),
    };
  }
}

/** Folders with a package.json of their own may be of another module kind. */
function copyPackages(root: string, shadow: string, folder: string): void {
  for (let at = folder; at !== root && isBelow(root, at); at = dirname(at)) {
    const file = join(at, "package.json");
    if (existsSync(file)) cpSync(file, join(shadow, relative(root, file)));
  }
}

/** Until version 6 the folder that all sources have in common, then the folder of the configuration. */
function rootDir(configFile: string, files: readonly string[], major: number): string {
  const { value, folder } = compilerOption(configFile, "rootDir");
  if (typeof value === "string") return resolve(folder, value);
  if (major >= 6 || compilerOption(configFile, "composite").value === true) return dirname(configFile);
  const folders = files.map((file) => dirname(file).split("/"));
  const [first = [dirname(configFile)]] = folders;
  const length = first.findIndex((part, index) => folders.some((other) => other[index] !== part));
  return (length < 0 ? first : first.slice(0, length)).join("/");
}

function write(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
