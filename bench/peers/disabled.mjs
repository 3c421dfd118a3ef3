/** The disabled calls of peers, as source: each as its documentation says, at a level that is off. */
const quiet = "export function set(on: boolean) {}";

export const disabledPeers = {
  pino: {
    head: `import { pino } from "pino";\nconst log = pino({ level: "info" });\n${quiet}`,
    statement: (fields) => `log.debug(${fields}, "seen");`,
  },
  "pino, isLevelEnabled": {
    head: `import { pino } from "pino";\nconst log = pino({ level: "info" });\n${quiet}`,
    statement: (fields) => `if (log.isLevelEnabled("debug")) log.debug(${fields}, "seen");`,
  },
  winston: {
    head: `import winston from "winston";\nconst log = winston.createLogger({ level: "info", transports: [new winston.transports.Console()] });\n${quiet}`,
    statement: (fields) => `log.debug("seen", ${fields});`,
  },
  LogTape: {
    head: `import { configure, getLogger } from "@logtape/logtape";
await configure({ sinks: { none() {} }, loggers: [{ category: [], lowestLevel: "info", sinks: ["none"] }] });
const log = getLogger("app");\n${quiet}`,
    statement: (fields) => `log.debug("seen", ${fields});`,
  },
  bunyan: {
    head: `import bunyan from "bunyan";\nconst log = bunyan.createLogger({ name: "app", level: "info" });\n${quiet}`,
    statement: (fields) => `log.debug(${fields}, "seen");`,
  },
  roarr: {
    head: `import { Roarr as log } from "roarr";\n${quiet}`,
    statement: (fields) => `log.debug(${fields}, "seen");`,
  },
  debug: {
    head: `import debug from "debug";\nconst log = debug("app");\n${quiet}`,
    statement: (fields) => `log("seen %o", ${fields});`,
  },
  "console.debug made a no-op": {
    head: `console.debug = () => {};\n${quiet}`,
    statement: (fields) => `console.debug("seen", ${fields});`,
  },
  "OpenTelemetry, no SDK: addEvent": {
    head: `import { trace as otel } from "@opentelemetry/api";\n${quiet}`,
    statement: (fields) => `otel.getActiveSpan()?.addEvent("seen", ${fields});`,
  },
  "OpenTelemetry, no SDK: a span": {
    head: `import { trace as otel } from "@opentelemetry/api";\nconst tracer = otel.getTracer("app");\n${quiet}`,
    statement: (fields) => `tracer.startSpan("seen", { attributes: ${fields} as never }).end();`,
  },
  "diagnostics_channel, hasSubscribers": {
    head: `import { channel } from "node:diagnostics_channel";\nconst log = channel("app");\n${quiet}`,
    statement: (fields) => `if (log.hasSubscribers) log.publish(${fields});`,
  },
};
