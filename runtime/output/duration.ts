/** Durations as Rust prints them: three digits and the unit, `1.23ms`. */

/** The text of a number of milliseconds. */
export function durationText(milliseconds: number): string {
  let amount = Math.max(0, milliseconds) * 1e6;
  for (const unit of ["ns", "µs", "ms"]) {
    if (amount < 999.5) return digits(amount) + unit;
    amount /= 1000;
  }
  return `${amount < 999.5 ? digits(amount) : amount.toFixed(0)}s`;
}

function digits(amount: number): string {
  return amount.toFixed(amount < 9.995 ? 2 : amount < 99.95 ? 1 : 0);
}
