/** Wall-clock timestamps with microseconds: `2026-11-22T10:00:00.123456Z`. */
import { host } from "../platform.ts";

/** Makes a clock that answers the present as RFC 3339 in UTC, 27 characters; it runs backwards only if somebody sets it. */
export function clock(): () => string {
  let anchor = NaN;
  let last = 0;
  let second = NaN;
  let prefix = "";
  return () => {
    const wall = Date.now();
    const monotonic = host.performance?.now() ?? wall;
    // Date.now() is truncated to milliseconds; farther apart means that the system's clock was slewed or set
    const ahead = anchor + monotonic - wall;
    if (!(ahead > -2 && ahead < 3)) anchor = wall - monotonic;
    let micros = Math.floor((anchor + monotonic) * 1000);
    // a slewed clock stands still until the present has caught up
    if (micros < last && last - micros < 1e6) micros = last;
    last = micros;
    const seconds = Math.floor(micros / 1e6);
    if (seconds !== second) {
      second = seconds;
      prefix = new Date(seconds * 1000).toISOString().slice(0, -4);
    }
    return `${prefix}${String(micros - seconds * 1e6).padStart(6, "0")}Z`;
  };
}
