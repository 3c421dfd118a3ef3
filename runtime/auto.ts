/** `node --import dtracing/auto app.js`: text on stdout, filtered by DTRACING_LOG, with no code. */
import type { LayerLike } from "./subscriber/layer.ts";
import type { LiveFilter, LiveOptions } from "./control/live-filter.ts";
import type { OutputOptions } from "./output/options.ts";
import { compact } from "./output/compact.ts";
import { environment } from "./platform.ts";
import { json } from "./output/json.ts";
import { liveFilter } from "./control/live-filter.ts";
import { pinoShape } from "./output/json-shapes.ts";
import { pretty } from "./output/pretty.ts";
import { registry } from "./subscriber/registry.ts";
import { report } from "./report.ts";
import { setContextMode } from "./context-mode.ts";
import { state } from "./state.ts";
import { text } from "./output/text.ts";
import { tree } from "./output/tree.ts";
import { warnOrphans } from "./orphan.ts";

const context = environment("DTRACING_CONTEXT");
if (context === "compiled" || context === "async-local-storage") setContextMode(context);
else if (context) {
  report("DTRACING_CONTEXT", `unknown DTRACING_CONTEXT "${context}": use async-local-storage or compiled`);
}
if (environment("NODE_ENV") !== "production") warnOrphans();

const formats: Readonly<Record<string, (options: OutputOptions) => LayerLike>> = {
  text,
  compact,
  pretty,
  tree,
  json,
  pino: (options) => json({ ...options, shape: pinoShape() }),
};

// a program that was first with its own subscriber knows better
if (state.global === undefined) {
  const { filter } = filterFrom(environment("DTRACING_LOG") || "info");
  const format = environment("DTRACING_FORMAT") || "text";
  const output = formats[format];
  if (output === undefined) {
    const names = Object.keys(formats).slice(1).join(", ");
    report("DTRACING_FORMAT", `unknown DTRACING_FORMAT "${format}": use text, ${names}; text is used`);
  }
  registry()
    .with((output ?? text)({ filter }))
    .tryInit();
}

function filterFrom(spec: string): LiveFilter {
  const options: LiveOptions = {
    file: environment("DTRACING_LOG_FILE") || undefined,
    signal: environment("DTRACING_LOG_SIGNAL") || undefined,
    socket: /^(1|true|on)$/i.test(environment("DTRACING_LOG_SOCKET") ?? ""),
  };
  try {
    return liveFilter(spec, options);
  } catch (error) {
    report("DTRACING_LOG", `DTRACING_LOG: ${(error as Error).message}; info is used`);
    return liveFilter("info");
  }
}
