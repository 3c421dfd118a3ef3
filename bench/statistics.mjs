/** Medians, quartiles, and ratios of what was measured in the same round. */
import { median } from "./measure.mjs";

/** `{ median, min, max, low, high }`; low and high are the quartiles. `undefined` of nothing. */
export function summary(values) {
  const known = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
  if (known.length === 0) return undefined;
  const at = (part) => known[Math.round((known.length - 1) * part)];
  return { median: median(known), min: known[0], max: known.at(-1), low: at(0.25), high: at(0.75) };
}

/** The summary of `values[round] / references[round]`. */
export function ratio(values, references) {
  return summary(values.map((value, round) => value / references[round]));
}

/** Whether the middle half of the rounds says both faster and slower. */
export function isUnresolved({ low, high }) {
  return low < 1 && high > 1;
}

/** What each round adds to the baseline of the same round. */
export function above(values, baseline) {
  return values.map((value, round) => value - baseline[round]);
}
