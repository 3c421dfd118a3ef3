/** `dtracing/usdt`: what became of the probes of this program. */
export type { ProbeStatus } from "./provider.ts";

export { probeStatus } from "./provider.ts";
