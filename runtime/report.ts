/** What the runtime has to say about itself: on stderr, each thing once, never an exception. */
import { host } from "./platform.ts";
import { state } from "./state.ts";

/** Prints `dtracing: text` to the console, once for each key, and what was thrown with its stack. */
export function report(key: string, text: string, level: "error" | "warn" = "error", ...thrown: unknown[]): void {
  if (state.told.has(key)) return;
  state.told.add(key);
  try {
    host.console?.[level](`dtracing: ${text}`, ...thrown);
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
