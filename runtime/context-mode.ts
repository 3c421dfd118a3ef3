/** How the current span gets through code that the transformer has not seen. */
import { state } from "./state.ts";

/**
 * `"async-local-storage"`, the default where the platform has one (Node, Bun, Deno): the span is right everywhere,
 * in timers, event emitters and libraries too. `"compiled"`, and always so in browsers: only what the transformer
 * has seen carries its span across suspensions; elsewhere after one there is no span, never a wrong one. Cheaper,
 * above all on Node 20 and 22. To be chosen before the first span is entered.
 */
export function setContextMode(mode: "async-local-storage" | "compiled"): void {
  state.storage = mode === "compiled" ? null : undefined;
}
