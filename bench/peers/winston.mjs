/** winston: the formats its documentation shows, into a stream that costs nothing. */
import { Writable } from "node:stream";
import winston from "winston";
import { sinkTo } from "./sink.mjs";
import { flatLine } from "./flat-line.mjs";

/** Its streams go on in the event loop. */
export const yields = true;

export async function open({ path, isBuffered, format, content }) {
  const sink = sinkTo(path, isBuffered);
  const stream = new Writable({ decodeStrings: false, write: (text, _encoding, done) => (sink.write(text), done()) });
  const { combine, errors, json, printf, timestamp } = winston.format;
  const text = printf(({ level, message, timestamp, ...fields }) => {
    const pairs = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return `${timestamp} ${level} ${message} ${pairs.join(" ")}`;
  });
  const root = winston.createLogger({
    level: "info",
    format: combine(errors({ stack: true }), timestamp(), format === "text" ? text : json()),
    transports: [new winston.transports.Stream({ stream })],
  });
  const bindings = { target: "app::server", file: "src/server.ts" };
  const log = { lean: root, same: root.child(bindings), child: root.child({ ...bindings, request: 7, user: "ada" }) };
  return { log: log[content] ?? root, flush: sink.flush };
}

export function statement({ fields, message }, { content }) {
  const more = content === "lean" ? "" : "line: 12, ";
  return `log.info(${JSON.stringify(message)}, { ${more}${fields} });`;
}

export function read(text) {
  const { timestamp, ...rest } = JSON.parse(text);
  return flatLine({ ...rest, time: timestamp });
}
