/** Timestamps of other kinds, for the option `timer` of the outputs. */
import { host } from "../platform.ts";

/** The time since the program (or the page) began: `   0.123456789s`, as Rust's `Uptime`. */
export function uptime(): () => string {
  const zero = host.performance ? 0 : Date.now();
  return () => {
    const [whole = "0", fraction = "0"] = (((host.performance?.now() ?? Date.now()) - zero) / 1000)
      .toFixed(9)
      .split(".");
    return `${whole.padStart(4)}.${fraction}s`;
  };
}

/** Local wall-clock time with milliseconds and the zone's offset: `2026-11-22T11:00:00.123+01:00`. */
export function localTime(now: () => Date = () => new Date()): () => string {
  return () => {
    const date = now();
    const offset = -date.getTimezoneOffset();
    const shifted = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
    const two = (value: number): string => String(Math.trunc(Math.abs(value))).padStart(2, "0");
    return `${shifted}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
  };
}
