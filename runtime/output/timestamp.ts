/** Wall-clock timestamps with microseconds: `2026-11-22T10:00:00.123456Z`. */
import type { Encoded, Line } from "../line.ts";
import type { OutputOptions } from "./options.ts";
import { host } from "../platform.ts";

/** Writes the time of a line, as the option `timer` says; in JSON it is inside of quotes. `undefined` for none. */
export function timeOf(timer: OutputOptions["timer"], isQuoted: boolean): ((line: Line) => true) | undefined {
  if (timer === false) return undefined;
  if (timer === undefined) {
    const clock = new Clock();
    return (line) => clock.write(line);
  }
  return (line) => {
    if (isQuoted) line.escaped(timer(), true);
    else line.raw(timer());
    return true;
  };
}

/** Milliseconds for which the monotonic clock is followed without a look at the system's. */
const trusted = 1;

/** Writes the present as RFC 3339 in UTC, 27 characters; it runs backwards only if somebody sets the system's clock. */
class Clock {
  readonly monotonic: { now(): number } = host.performance ?? Date;
  // all NaN at first, so that they are kept as doubles in place; milliseconds, then microseconds
  anchor = NaN;
  checked = NaN;
  last = NaN;
  second = NaN;
  prefix: Encoded | undefined;
  /** Whose kind of text the prefix is. */
  line: Line | undefined;

  write(line: Line): true {
    const now = this.monotonic.now();
    if (!(now - this.checked < trusted)) this.check(now);
    let micros = Math.floor((this.anchor + now) * 1000);
    // a slewed clock stands still until the present has caught up
    if (micros < this.last && this.last - micros < 1e6) micros = this.last;
    this.last = micros;
    let fraction = micros - this.second;
    if (!(fraction >= 0 && fraction < 1e6) || this.line !== line) {
      this.line = line;
      this.second = Math.floor(micros / 1e6) * 1e6;
      this.prefix = line.encode(new Date(this.second / 1000).toISOString().slice(0, -4));
      fraction = micros - this.second;
    }
    line.put(this.prefix!);
    line.six(fraction);
    line.byte(0x5a);
    return true;
  }

  check(now: number): void {
    this.checked = now;
    const wall = Date.now();
    // Date.now() is truncated to milliseconds; farther apart means that the system's clock was slewed or set
    const ahead = this.anchor + now - wall;
    if (!(ahead > -2 && ahead < 3)) this.anchor = wall - now;
  }
}
