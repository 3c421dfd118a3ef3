/** bunyan, which always writes name, hostname and pid; its children are simple ones. */
import bunyan from "bunyan";
import { sinkTo } from "./sink.mjs";
import { flatLine } from "./flat-line.mjs";

export async function open({ path, isBuffered, content }) {
  const sink = sinkTo(path, isBuffered);
  const root = bunyan.createLogger({ name: "app", streams: [{ stream: sink }] });
  const bindings = { target: "app::server", file: "src/server.ts" };
  const child = (more) => root.child(more, true);
  const log = { lean: root, same: child(bindings), child: child({ ...bindings, request: 7, user: "ada" }) };
  return { log: log[content] ?? root, flush: sink.flush };
}

export function statement({ fields, message }, { content }) {
  const more = content === "lean" ? "" : "line: 12, ";
  return `log.info({ ${more}${fields.replace("error: ", "err: ")} }, ${JSON.stringify(message)});`;
}

export function read(text) {
  const { level, msg, err, ...rest } = JSON.parse(text);
  for (const own of ["name", "hostname", "pid", "v"]) delete rest[own];
  const fields = err === undefined ? rest : { ...rest, error: err };
  return flatLine({ ...fields, level: level === 30 ? "info" : level, message: msg });
}
