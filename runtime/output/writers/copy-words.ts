/** Copies text eight bytes at a time: no valid UTF-8 is a NaN, so doubles carry it as it is. */

/** Copies whole words, of which the last may reach behind the end. */
export function copyWords(from: DataView, start: number, to: DataView, at: number, size: number): void {
  let i = 0;
  for (; i < size - 24; i += 32) {
    to.setFloat64(at + i, from.getFloat64(start + i, true), true);
    to.setFloat64(at + i + 8, from.getFloat64(start + i + 8, true), true);
    to.setFloat64(at + i + 16, from.getFloat64(start + i + 16, true), true);
    to.setFloat64(at + i + 24, from.getFloat64(start + i + 24, true), true);
  }
  for (; i < size; i += 8) to.setFloat64(at + i, from.getFloat64(start + i, true), true);
}
