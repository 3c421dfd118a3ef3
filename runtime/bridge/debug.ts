/** The package `debug`: what its namespaces print becomes DEBUG events, the namespace being the target. */
import { formatted } from "./console.ts";
import { emitter } from "./emitter.ts";

/** The parts of `debug` that are used. */
export interface DebugModule {
  log: (...values: never[]) => void;
  formatArgs: (values: never) => void;
  enable(namespaces: string): void;
}

/** Takes over the output of `debug`, for the namespaces that are enabled (all of them by default). The answer gives it back. */
export function bridgeDebug(
  debug: DebugModule,
  { enable = "*" }: { readonly enable?: string | undefined } = {},
): () => void {
  const { log, formatArgs } = debug;
  debug.formatArgs = () => {};
  debug.log = function (this: { readonly namespace?: string }, ...values: unknown[]) {
    emitter(this?.namespace ?? "debug")(4, formatted(values));
  } as DebugModule["log"];
  if (enable !== "") debug.enable(enable);
  return () => void Object.assign(debug, { log, formatArgs });
}
