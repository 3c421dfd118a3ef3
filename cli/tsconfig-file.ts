/** tsconfig.json as it was written: TypeScript 7 leaves `plugins` out of what it says of a configuration. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { Failure } from "./failure.ts";

export interface TsConfig {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly references?: readonly { readonly path: string }[];
}

/** JSON with comments and trailing commas. */
export function readJson(file: string): unknown {
  return parseJson(readFileSync(file, "utf8"), file);
}

export function parseJson(text: string, file: string): unknown {
  const { program, errors } = parseSync("config.js", `(${text.replace(/^\uFEFF/, "")}\n)`);
  const [statement] = program.body;
  if (errors.length > 0 || statement?.type !== "ExpressionStatement") throw new Failure(`${file} is not JSON`);
  return valueOf(statement.expression as Tree);
}

type Tree =
  | { type: "ObjectExpression"; properties: { key: { name?: string; value?: string }; value: Tree }[] }
  | { type: "ArrayExpression"; elements: Tree[] }
  | { type: "ParenthesizedExpression"; expression: Tree }
  | { type: "UnaryExpression"; argument: Tree }
  | { type: "Literal"; value: unknown };

function valueOf(tree: Tree): unknown {
  switch (tree.type) {
    case "ObjectExpression":
      return Object.fromEntries(tree.properties.map(({ key, value }) => [key.name ?? key.value, valueOf(value)]));
    case "ArrayExpression":
      return tree.elements.map(valueOf);
    case "ParenthesizedExpression":
      return valueOf(tree.expression);
    case "UnaryExpression":
      return -(valueOf(tree.argument) as number);
    case "Literal":
      return tree.value;
  }
}

/** The file that `-p` names: a folder stands for the tsconfig.json in it. */
export function configFile(path: string): string {
  const file = path.endsWith(".json") ? resolve(path) : join(resolve(path), "tsconfig.json");
  if (!existsSync(file)) throw new Failure(`there is no ${file}`);
  return file;
}

/** A file and those that it extends, nearest first. */
export function configChain(file: string): readonly (readonly [file: string, config: TsConfig])[] {
  const config = readJson(file) as TsConfig;
  const bases = [config.extends ?? []].flat().toReversed();
  return [[file, config], ...bases.flatMap((base) => configChain(resolveBase(base, file)))];
}

function resolveBase(base: string, from: string): string {
  const { resolve: find } = createRequire(from);
  if (!/^[./]/.test(base)) return find(base.endsWith(".json") ? base : `${base}/tsconfig.json`);
  const path = resolve(dirname(from), base);
  return existsSync(path) ? path : `${path}.json`;
}

/** A compiler option, and the folder that it is relative to. */
export function compilerOption(file: string, name: string): { readonly value: unknown; readonly folder: string } {
  for (const [path, { compilerOptions }] of configChain(file)) {
    if (compilerOptions?.[name] !== undefined) return { value: compilerOptions[name], folder: dirname(path) };
  }
  return { value: undefined, folder: dirname(file) };
}

/** The options that the plugin's entry gives; `undefined` where there is no entry. */
export function pluginOptions(file: string): Readonly<Record<string, unknown>> | undefined {
  const { value } = compilerOption(file, "plugins");
  if (!Array.isArray(value)) return undefined;
  const entry = (value as readonly Readonly<Record<string, unknown>>[]).find(
    ({ transform }) => typeof transform === "string" && /dtracing.*transformer/.test(transform),
  );
  if (entry === undefined) return undefined;
  const { transform: _, ...options } = entry;
  return options;
}
