/** LogTape with its JSON lines and text formatters. */
import { configure, getJsonLinesFormatter, getLogger, getTextFormatter } from "@logtape/logtape";
import { sinkTo } from "./sink.mjs";
import { flatLine } from "./flat-line.mjs";

export async function open({ path, isBuffered, format, content }) {
  const sink = sinkTo(path, isBuffered);
  const toLine = format === "text" ? getTextFormatter() : getJsonLinesFormatter({ properties: "flatten" });
  await configure({
    sinks: { out: (record) => sink.write(toLine(record)) },
    loggers: [
      { category: ["app"], lowestLevel: "info", sinks: ["out"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
    ],
  });
  const root = getLogger(["app", "server"]);
  const bindings = { file: "src/server.ts" };
  const log = { lean: root, same: root.with(bindings), child: root.with({ ...bindings, request: 7, user: "ada" }) };
  return { log: log[content] ?? root, flush: sink.flush };
}

export function statement({ fields, message }, { content, format }) {
  // its text shows only what the message names
  if (format === "text") {
    const shown = fields.replace(/(\w+): [^,]+(, )?/g, " $1={$1}");
    return `log.info(${JSON.stringify(message + shown)}, { ${fields} });`;
  }
  const more = content === "lean" ? "" : "line: 12, ";
  return `log.info(${JSON.stringify(message)}, { ${more}${fields} });`;
}

export function read(text) {
  const { "@timestamp": time, level, logger, ...rest } = JSON.parse(text);
  return flatLine({ ...rest, time, level: level.toLowerCase(), target: logger.replace(".", "::") });
}
