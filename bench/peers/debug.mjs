/** debug, which has text only and no levels. */
import { formatWithOptions } from "node:util";
import debug from "debug";
import { sinkTo } from "./sink.mjs";

export async function open({ path, isBuffered }) {
  const sink = sinkTo(path, isBuffered);
  const log = debug("app:server");
  log.log = (...values) => sink.write(`${formatWithOptions({ colors: false }, ...values)}\n`);
  return { log, flush: sink.flush };
}

export function statement({ fields, message }) {
  return `log(${JSON.stringify(`${message} %o`)}, { ${fields} });`;
}
