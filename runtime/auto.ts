/** `node --import dtracing/auto app.js`: text on stdout, filtered by DTRACING_LOG, with no code. */
import type { LiveFilter, LiveOptions } from "./control/live-filter.ts";
import { liveFilter } from "./control/live-filter.ts";
import { json } from "./output/json.ts";
import { text } from "./output/text.ts";
import { environment } from "./platform.ts";
import { report } from "./report.ts";
import { state } from "./state.ts";
import { registry } from "./subscriber/registry.ts";

// a program that was first with its own subscriber knows better
if (state.global === undefined) {
  const { filter } = filterFrom(environment("DTRACING_LOG") || "info");
  const format = environment("DTRACING_FORMAT") || "text";
  if (format !== "text" && format !== "json") {
    report("DTRACING_FORMAT", `unknown DTRACING_FORMAT "${format}": use text or json; text is used`);
  }
  registry()
    .with(format === "json" ? json({ filter }) : text({ filter }))
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
