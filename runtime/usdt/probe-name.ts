/** Names that every tracer takes: C identifiers of at most 63 characters. */

const longest = 63;
/** What is put behind the name of a span. */
export const closeSuffix = "__close";

/** The provider of a package: `@scope/my-app` is `scope_my_app`. Short enough for DTrace to put a process id behind it. */
export function providerName(packageName: string): string {
  return identifier(packageName).slice(0, 57) || "app";
}

/** `server__handle__order_placed` of the file, the function and the message or span; unique among `taken`. */
export function probeName(file: string, fn: string | undefined, text: string, taken: Set<string>): string {
  const path = file.replace(/\.[^./]+$/, "").split("/");
  const module = path.at(-1) === "index" && path.length > 1 ? path.at(-2)! : path.at(-1)!;
  const filled = [module, fn ?? "", text].map(identifier).filter((part) => part !== "");
  const parts = filled.filter((part, at) => part !== filled[at - 1]);
  const whole =
    parts
      .join("__")
      .slice(0, longest - closeSuffix.length)
      .replace(/_+$/, "") || "callsite";
  let name = whole;
  for (let count = 2; taken.has(name); count++) name = `${whole.slice(0, 51)}_${count}`;
  taken.add(name);
  return name;
}

/** Letters, digits and single underscores, not beginning with a digit. */
function identifier(text: string): string {
  return text
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .replace(/^(?=\d)/, "_")
    .slice(0, 40)
    .replace(/_+$/, "");
}
