/** roarr, whose writer is a global function; it is on when ROARR_LOG says so. */
import { ROARR, Roarr } from "roarr";
import { sinkTo } from "./sink.mjs";
import { flatLine } from "./flat-line.mjs";

export async function open({ path, isBuffered, content }) {
  const sink = sinkTo(path, isBuffered);
  ROARR.write = (message) => sink.write(`${message}\n`);
  const bindings = { target: "app::server", file: "src/server.ts" };
  const log = {
    lean: Roarr,
    same: Roarr.child(bindings),
    child: Roarr.child({ ...bindings, request: 7, user: "ada" }),
  };
  return { log: log[content] ?? Roarr, flush: sink.flush };
}

export function statement({ fields, message }, { content }) {
  const more = content === "lean" ? "" : "line: 12, ";
  return `log.info({ ${more}${fields} }, ${JSON.stringify(message)});`;
}

export function read(text) {
  const { context, message, time } = JSON.parse(text);
  const { logLevel, ...rest } = context;
  return flatLine({ ...rest, time, level: logLevel === 30 ? "info" : logLevel, message });
}
