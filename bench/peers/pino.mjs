/** pino as its documentation on speed says: no base, a buffered destination, bindings in a child. */
import { createRequire } from "node:module";
import { pino } from "pino";
import { flatLine } from "./flat-line.mjs";

const require = createRequire(import.meta.url);
/** What a variant changes: the writer it is shipped with, and the last one before each write counted what is pending. */
export const writers = { shipped: "sonic-boom", "4.2.0": "sonic-boom-4.2.0" };

export async function open({ path, isBuffered, content, writer = "shipped", isAsync = false }) {
  const SonicBoom = require(writers[writer]);
  const destination = new SonicBoom({ dest: path, sync: !isAsync, minLength: isBuffered ? 4096 : 0 });
  if (isAsync) await new Promise((resolve) => destination.once("ready", resolve));
  const timestamp = content === "lean" ? pino.stdTimeFunctions.epochTime : pino.stdTimeFunctions.isoTime;
  const root = pino({ base: undefined, timestamp }, destination);
  const bindings = { target: "app::server", file: "src/server.ts" };
  const request = { ...bindings, request: 7, user: "ada" };
  const log = content === "same" ? root.child(bindings) : content === "child" ? root.child(request) : root;
  return {
    log,
    flush: () => (isAsync ? new Promise((resolve) => destination.flush(resolve)) : destination.flushSync()),
  };
}

const place = `target: "app::server", file: "src/server.ts", line: 12`;

export function statement({ fields, message }, { content }) {
  const more = { same: "line: 12, ", child: "line: 12, ", "same, as fields of each call": `${place}, ` }[content] ?? "";
  return `log.info({ ${more}${fields.replace("error: ", "err: ")} }, ${JSON.stringify(message)});`;
}

export function read(text) {
  const { level, msg, err, ...rest } = JSON.parse(text);
  const fields = err === undefined ? rest : { ...rest, error: err };
  return flatLine({ ...fields, level: level === 30 ? "info" : level, message: msg });
}
