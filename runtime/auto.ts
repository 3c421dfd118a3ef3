/** `node --import dtracing/auto app.js`: text on stdout, filtered by DTRACING_LOG, with no code. */
import type { EnvFilter } from "./subscriber/env-filter.ts";
import { json } from "./output/json.ts";
import { text } from "./output/text.ts";
import { environment } from "./platform.ts";
import { report } from "./report.ts";
import { state } from "./state.ts";
import { envFilter } from "./subscriber/env-filter.ts";
import { registry } from "./subscriber/registry.ts";

// a program that was first with its own subscriber knows better
if (state.global === undefined) {
  const filter = filterFrom(environment("DTRACING_LOG") || "info");
  const format = environment("DTRACING_FORMAT") || "text";
  if (format !== "text" && format !== "json") {
    report("DTRACING_FORMAT", `unknown DTRACING_FORMAT "${format}": use text or json; text is used`);
  }
  registry()
    .with(format === "json" ? json({ filter }) : text({ filter }))
    .tryInit();
}

function filterFrom(spec: string): EnvFilter {
  try {
    return envFilter(spec);
  } catch (error) {
    report("DTRACING_LOG", `DTRACING_LOG: ${(error as Error).message}; info is used`);
    return envFilter("info");
  }
}
