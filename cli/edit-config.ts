/** Small edits of the configurations that people write, by their syntax trees, so that the rest stays as it is. */
import { parseSync, type Node } from "oxc-parser";

interface Property {
  readonly key: { readonly name?: string; readonly value?: unknown };
  readonly value: Node;
  readonly start: number;
  readonly end: number;
}
type ObjectNode = Extract<Node, { type: "ObjectExpression" }>;

/** An insertion into, or a replacement of, a part of a text. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The plugin first in `plugins`, and its import after the others; `undefined`: the file is not understood. */
export function addPlugin(code: string, file: string, specifier: string, call: string): string | undefined {
  const program = parse(code, file);
  const config = program && configObject(program);
  if (program === undefined || config === undefined) return undefined;
  const plugins = propertyOf(config, "plugins");
  const change =
    plugins === undefined
      ? insertInto(code, config.start, config.end, `plugins: [${call}]`)
      : plugins.type === "ArrayExpression"
        ? insertInto(code, plugins.start, plugins.end, call)
        : undefined;
  return change && apply(code, [change, importChange(code, program, file, "dtracing", specifier)]);
}

/** `withDtracing(…)` around what is exported. */
export function wrapExport(code: string, file: string): string | undefined {
  const program = parse(code, file);
  const exported = program && exportedNode(program);
  if (program === undefined || exported === undefined) return undefined;
  const { start, end } = exported;
  const wrapped = { start, end, text: `withDtracing(${code.slice(start, end)})` };
  return apply(code, [wrapped, importChange(code, program, file, "{ withDtracing }", "dtracing/next")]);
}

/** A property at the beginning of a configuration; `undefined` where it has one of that name. */
export function addProperty(code: string, file: string, name: string, text: string): string | undefined {
  const program = parse(code, file);
  const config = program && configObject(program);
  if (config === undefined || propertyOf(config, name) !== undefined) return undefined;
  return apply(code, [insertInto(code, config.start, config.end, `${name}: ${text}`)]);
}

/** An element at the beginning of `compilerOptions.plugins`, both of which are made where they are missing. */
export function addTsPlugin(code: string, entries: readonly string[]): string | undefined {
  const parsed = parseSync("config.js", `(${code}\n)`);
  const [statement] = parsed.program.body;
  let root: Node | undefined = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  while (root?.type === "ParenthesizedExpression") root = root.expression;
  if (parsed.errors.length > 0 || root?.type !== "ObjectExpression") return undefined;
  const options = propertyOf(root, "compilerOptions");
  const text = entries.join(", ");
  // the text that was parsed has one character more before it
  const into = ({ start, end }: Node, added: string): string =>
    apply(code, [insertInto(code, start - 1, end - 1, added)]);
  if (options?.type !== "ObjectExpression") return into(root, `"compilerOptions": { "plugins": [${text}] }`);
  const plugins = propertyOf(options, "plugins");
  return plugins?.type === "ArrayExpression" ? into(plugins, text) : into(options, `"plugins": [${text}]`);
}

function parse(code: string, file: string): readonly Node[] | undefined {
  const { program, errors } = parseSync(file, code);
  return errors.length > 0 ? undefined : (program.body as readonly Node[]);
}

/** What `export default` or `module.exports =` has. */
function exportedNode(body: readonly Node[]): Node | undefined {
  for (const statement of body) {
    if (statement.type === "ExportDefaultDeclaration") return statement.declaration as Node;
    if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression") continue;
    const { left, right } = statement.expression;
    if (left.type === "MemberExpression" && left.property.type === "Identifier" && left.property.name === "exports") {
      return right;
    }
  }
  return undefined;
}

/** The object behind the export: itself, the argument of `defineConfig`, what a function returns, or a constant. */
function configObject(body: readonly Node[]): ObjectNode | undefined {
  const follow = (node: Node | null | undefined): ObjectNode | undefined => {
    switch (node?.type) {
      case "ObjectExpression":
        return node;
      case "CallExpression":
        return follow(node.arguments[0] as Node | undefined);
      case "TSSatisfiesExpression":
      case "TSAsExpression":
      case "ParenthesizedExpression":
        return follow(node.expression);
      case "ArrowFunctionExpression":
        return node.expression
          ? follow((node.body as Node & { body: { expression?: Node }[] }).body[0]?.expression)
          : undefined;
      case "Identifier": {
        const { name } = node;
        for (const statement of body) {
          if (statement.type !== "VariableDeclaration") continue;
          const found = statement.declarations.find(({ id }) => id.type === "Identifier" && id.name === name);
          if (found !== undefined) return follow(found.init);
        }
        return undefined;
      }
      default:
        return undefined;
    }
  };
  return follow(exportedNode(body));
}

function propertyOf(object: ObjectNode, name: string): Node | undefined {
  const properties = object.properties as unknown as readonly Property[];
  return properties.find(({ key }) => key?.name === name || key?.value === name)?.value;
}

/** Behind the opening bracket, in the way of what follows it: on a line of its own or in the same one. */
function insertInto(code: string, start: number, end: number, text: string): Change {
  const inside = code.slice(start + 1, end - 1);
  const space = /^\s*/.exec(inside)![0];
  if (inside.trim() === "") {
    const isObject = code[start] === "{";
    return { start: start + 1, end: end - 1, text: isObject ? ` ${text} ` : text };
  }
  return { start: start + 1, end: start + 1, text: `${space}${text},${space === "" ? " " : ""}` };
}

function importChange(code: string, body: readonly Node[], file: string, names: string, specifier: string): Change {
  const isCommonJs = !body.some(({ type }) => /^(Import|Export)/.test(type)) && !/\.m[jt]s$/.test(file);
  const required = names.startsWith("{") ? "" : ".default";
  const text = isCommonJs
    ? `const ${names} = require("${specifier}")${required};\n`
    : `import ${names} from "${specifier}";\n`;
  const last = body.findLast(({ type }) => type === "ImportDeclaration");
  const at = last === undefined ? 0 : code.indexOf("\n", last.end) + 1 || code.length;
  return { start: at, end: at, text };
}

function apply(code: string, changes: readonly Change[]): string {
  return changes
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, change) => text.slice(0, change.start) + change.text + text.slice(change.end), code);
}
