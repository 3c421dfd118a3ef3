/** A growing little-endian buffer. */
import { host } from "../platform.ts";

let encoder: InstanceType<NonNullable<typeof host.TextEncoder>> | undefined;

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array {
  if (host.TextEncoder === undefined) throw new Error("this platform has no TextEncoder");
  encoder ??= new host.TextEncoder();
  return encoder.encode(text);
}

/** Bytes that are written one after the other; `size` is the offset of the next one. */
export class Bytes {
  size = 0;
  #data = new Uint8Array(4096);
  #view = new DataView(this.#data.buffer);

  /** Makes room for `count` more bytes and answers where they begin. */
  skip(count: number): number {
    const at = this.size;
    this.size += count;
    if (this.size > this.#data.length) {
      const data = new Uint8Array(Math.max(this.size, this.#data.length * 2));
      data.set(this.#data);
      this.#data = data;
      this.#view = new DataView(data.buffer);
    }
    return at;
  }

  align(to: number): number {
    this.skip((to - (this.size % to)) % to);
    return this.size;
  }

  put(bytes: ArrayLike<number>): number {
    const at = this.skip(bytes.length);
    this.#data.set(bytes, at);
    return at;
  }

  u16(value: number): void {
    const at = this.skip(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.skip(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: number): void {
    this.u32(value % 2 ** 32);
    this.u32(Math.floor(value / 2 ** 32));
  }

  /** Text and the zero byte behind it. */
  text(text: string): number {
    const at = this.put(utf8(text));
    this.skip(1);
    return at;
  }

  /** Overwrites a byte that was skipped. */
  set8(at: number, value: number): void {
    this.#data[at] = value;
  }

  /** Overwrites a word that was skipped. */
  set32(at: number, value: number): void {
    this.#view.setUint32(at, value >>> 0, true);
  }

  /** Overwrites two words that were skipped. */
  set64(at: number, value: number): void {
    this.set32(at, value % 2 ** 32);
    this.set32(at + 4, Math.floor(value / 2 ** 32));
  }

  done(): Uint8Array {
    return this.#data.slice(0, this.size);
  }
}
