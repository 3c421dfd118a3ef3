/** Integers as bytes, three digits at a time. */

/** The digits of 0 to 999, with zeros before them, as three bytes. */
const threes: Int32Array = /*#__PURE__*/ Int32Array.from(
  { length: 1000 },
  (_, n) => 0x303030 | ((n / 100) | 0) | ((((n / 10) | 0) % 10) << 8) | ((n % 10) << 16),
);

/** Writes an integer from 0 to 2^31 - 1, and answers where it ends. All here write up to three bytes behind that. */
export function digits(view: DataView, start: number, value: number): number {
  let at = start;
  let rest = value;
  if (rest >= 1_000_000) {
    const millions = (rest / 1_000_000) | 0;
    at = digits(view, at, millions);
    rest -= millions * 1_000_000;
    return sixDigits(view, at, rest);
  }
  if (rest >= 1000) {
    const thousands = (rest / 1000) | 0;
    at = upTo999(view, at, thousands);
    return threeDigits(view, at, rest - thousands * 1000);
  }
  return upTo999(view, at, rest);
}

/** Writes an integer with six digits, zeros before it. */
export function sixDigits(view: DataView, at: number, value: number): number {
  const thousands = (value / 1000) | 0;
  return threeDigits(view, threeDigits(view, at, thousands), value - thousands * 1000);
}

/** Writes an integer with three digits, zeros before it. */
export function threeDigits(view: DataView, at: number, value: number): number {
  view.setInt32(at, threes[value]!, true);
  return at + 3;
}

function upTo999(view: DataView, at: number, value: number): number {
  const count = value > 99 ? 3 : value > 9 ? 2 : 1;
  view.setInt32(at, threes[value]! >> (24 - 8 * count), true);
  return at + count;
}
