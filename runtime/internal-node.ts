/** `dtracing/internal` where there may be probes: Node, Bun and Deno. Browsers and the edge get `internal.ts` alone. */
import "./usdt/provider.ts";

export * from "./internal.ts";
