/** Rewrites a source file so that every function is instrumented and has an event in it. */
import { parseSync } from "oxc-parser";
import { resolveOptions } from "../../dist/transformer/index.js";
import { accepted, functionsOf, insert } from "../helpers/instrument-source.mjs";

const event = '$trace.debug!("ran")';
const statement = "$trace.instrument!(); ";
const comment = "/** @instrument */ ";
const options = resolveOptions({ maxLevel: "trace", packageName: "app" }, { cwd: "/", production: false });

/**
 * `undefined` for a file that is no module or has no functions. Decorators go on methods where the project's
 * settings allow them; half of the other functions are asked for in a doc comment, half in their first statement.
 */
export function instrumentAll(source, file, decorators) {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const first = program.body.find((one) => one.directive === undefined || one.directive === null);
  const functions = functionsOf(program);
  if (functions.length === 0 || !program.body.some(({ type }) => /^(Import|Export|TSExport|TSImport)/.test(type)))
    return undefined;

  const asked = functions.map((one, index) => ({ ...one, ...request(one, index, decorators) }));
  const head = {
    at: first.start,
    text: 'import { trace as $trace, instrument as $instrument } from "dtracing"; ',
  };
  const events = functions.flatMap(eventIn);
  const all = (requests) => [head, ...events, ...requests];
  const requests = asked.map(({ at, text }) => ({ at, text }));
  const kept = new Set(accepted(source, file, all(requests), options));
  // Where a comment means something else than the function, its body asks.
  const second = asked.flatMap(({ fn }, index) => {
    if (kept.has(requests[index])) return [requests[index]];
    return fn.body.type === "BlockStatement" ? [{ at: bodyStart(fn), text: statement }] : [];
  });
  const final = accepted(source, file, ordered(all(second)), options);
  const text = insert(source, final);
  const isUsed = (name) => text.replace(head.text, "").includes(name);
  const names = [isUsed("$trace") && "trace as $trace", isUsed("$instrument") && "instrument as $instrument"];
  return {
    text: text.replace(head.text, `import { ${names.filter(Boolean).join(", ")} } from "dtracing"; `),
    functions: functions.length,
    instrumented: final.filter((one) => second.includes(one)).length,
  };
}

function request({ fn, start, member }, index, decorators) {
  const isMethod = member?.type === "MethodDefinition";
  if (isMethod && decorators && member.kind === "method") return { at: start, text: "@$instrument " };
  if (index % 2 === 1 && fn.body.type === "BlockStatement" && member?.kind !== "constructor")
    return { at: bodyStart(fn), text: statement };
  return { at: start, text: comment };
}

function eventIn({ fn }) {
  if (fn.body.type === "BlockStatement") return [{ at: bodyStart(fn), text: `${event}; ` }];
  return [
    { at: fn.body.start, text: `(${event}, ` },
    { at: fn.body.end, text: ")" },
  ];
}

/** Behind the brace and the directives. */
function bodyStart({ body }) {
  const directive = body.body.findLast((one) => one.directive);
  return directive === undefined ? body.start + 1 : directive.end;
}

/** The statement that asks is the first one. */
function ordered(insertions) {
  return [
    ...insertions.filter(({ text }) => text === statement),
    ...insertions.filter(({ text }) => text !== statement),
  ];
}
