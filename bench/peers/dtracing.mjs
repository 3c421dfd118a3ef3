/** This package: the default JSON without its nesting, and the default text. */
import { json, registry, text } from "../../dist/runtime/index.js";
import { buffered, file } from "../../dist/runtime/output/writers/index.js";

export const head = 'import { trace } from "dtracing";';

/** Lean leaves out what pino does not write either; `same` is what we write by default. */
export async function open({ path, isBuffered, format, content }) {
  const writer = buffered(file(path), isBuffered ? {} : { interval: 0 });
  const lean = { flatten: true, target: false, keys: { file: false, line: false }, writer };
  const options = { lean, same: { flatten: true, writer }, "same, as fields of each call": { flatten: true, writer } };
  const child = { flatten: true, spanList: false, writer };
  const layer = format === "text" ? text({ ansi: false, writer }) : json(options[content] ?? child);
  registry().with(layer).init();
  return { flush: () => writer.flush() };
}

export function statement({ fields, message }) {
  return `trace.info!({ ${fields} }, ${JSON.stringify(message)});`;
}

/** What a child logger binds is a span's fields here. */
export function around(loop, { content }) {
  return content === "child"
    ? `trace.infoSpan!("request", { request: 7, user: "ada" }).inScope(() => { ${loop} });`
    : loop;
}

export function read(line) {
  const { timestamp, level, message, target, file, line: number, span, ...fields } = JSON.parse(line);
  const bound = { ...span };
  delete bound.name;
  return { time: timestamp, level: level.toLowerCase(), message, target, file, line: number, fields, bound };
}
