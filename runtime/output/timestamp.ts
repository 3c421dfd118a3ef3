/** Wall-clock timestamps with microseconds: `2026-11-22T10:00:00.123456Z`. */
import { host } from "../platform.ts";

/** Makes a clock that answers the present as RFC 3339 in UTC, 27 characters, increasing between clock steps. */
export function clock(): () => string {
  let anchor = host.performance?.timeOrigin ?? NaN;
  let second = NaN;
  let prefix = "";
  return () => {
    const wall = Date.now();
    const monotonic = host.performance?.now() ?? wall;
    // Date.now() is truncated to milliseconds; farther apart means that somebody set the system's clock
    const ahead = anchor + monotonic - wall;
    if (!(ahead > -2 && ahead < 3)) anchor = wall - monotonic;
    const micros = Math.floor((anchor + monotonic) * 1000);
    const seconds = Math.floor(micros / 1e6);
    if (seconds !== second) {
      second = seconds;
      prefix = new Date(seconds * 1000).toISOString().slice(0, -4);
    }
    return `${prefix}${String(micros - seconds * 1e6).padStart(6, "0")}Z`;
  };
}
