/** What the runtime has to say about itself: on stderr, each thing once, never an exception. */
import { host } from "./platform.ts";
import { state } from "./state.ts";

/** Prints `dtracing: text` to the console, once for each key. */
export function report(key: string, text: string, level: "error" | "warn" = "error"): void {
  if (state.told.has(key)) return;
  state.told.add(key);
  try {
    host.console?.[level](`dtracing: ${text}`);
  } catch {
    // a console that throws must not reach the program
  }
}

/** `Name: message` of anything thrown; never throws. */
export function describe(error: unknown): string {
  try {
    const { name, message } = error as Error;
    return typeof message === "string" ? `${name}: ${message}` : String(error);
  } catch {
    return "an unprintable value";
  }
}
