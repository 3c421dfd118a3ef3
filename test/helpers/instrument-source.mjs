/** Puts `@instrument` on every function of a source text, and an event into every function. */
import { parseSync, Visitor } from "oxc-parser";
import { transform } from "dtracing/transform";

/** @typedef {{ readonly at: number, readonly text: string }} Insertion */

/**
 * Every function with a body. `start` is where a comment or decorator for it goes: the beginning of the method or
 * property that holds it, else of the function; `member` is that holder.
 */
export function functionsOf(program) {
  const found = [];
  const member = (holder) => ({ fn: holder.value, start: holder.start, member: holder });
  const held = new Map();
  const hold = (node) => void (node.value && /Function/.test(node.value.type) && held.set(node.value, member(node)));
  const take = (fn) => void (fn.body && found.push(held.get(fn) ?? { fn, start: fn.start }));
  new Visitor({
    MethodDefinition: hold,
    Property: (node) => void ((node.method || node.kind !== "init") && hold(node)),
    FunctionDeclaration: take,
    FunctionExpression: take,
    ArrowFunctionExpression: take,
  }).visit(program);
  return found;
}

export function insert(source, insertions) {
  let text = "";
  let at = 0;
  for (const one of insertions.toSorted((a, b) => a.at - b.at)) {
    text += source.slice(at, one.at) + one.text;
    at = one.at;
  }
  return text + source.slice(at);
}

/**
 * The insertions that the transformer has nothing to say against. A comment means what begins where it stands, and
 * that can be more than the function, as a call of it.
 */
export function accepted(source, file, insertions, options) {
  let kept = insertions.toSorted((a, b) => a.at - b.at);
  for (;;) {
    const { diagnostics } = transform(insert(source, kept), file, options) ?? { diagnostics: [] };
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length === 0) return kept;
    let moved = 0;
    const left = kept.filter(({ at, text }) => {
      const start = at + moved;
      moved += text.length;
      return !errors.some((error) => error.start >= start && error.start < start + text.length);
    });
    if (left.length === kept.length) throw new Error(`${file}: ${errors[0].code} ${errors[0].message}`);
    kept = left;
  }
}

/** Every function in a doc comment's span. */
export function withComments(source, file, options, sourceType) {
  const { program } = parseSync(file, source, { sourceType });
  const comments = functionsOf(program)
    .filter(({ member }) => member?.kind !== "constructor")
    .map(({ start }) => ({ at: start, text: "/** @instrument */ " }));
  return insert(source, accepted(source, file, comments, options));
}
