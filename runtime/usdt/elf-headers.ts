/** The tables of an ELF64 file that say what is where in it. */
import type { Bytes } from "./bytes.ts";

/** A part of the file, as tools see it. Numbers as in the ELF specification. */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly start: number;
  readonly size: number;
  readonly link?: number;
  readonly info?: number;
  readonly align: number;
  readonly entry?: number;
}

/** A part of the file, as the loader maps it. */
export type Segment = readonly [type: number, flags: number, start: number, end: number, align: number];

const segmentCount = 4;
/** What the file header and the program headers take at the file's beginning. */
export const headersSize: number = 64 + 56 * segmentCount;

/** Appends the names of the sections and the table of them; answers where it begins. */
export function sectionHeaders(out: Bytes, sections: readonly Section[]): number {
  const all = [...sections, { name: ".shstrtab", type: 3, flags: 0, start: out.size, size: 0, align: 1 }];
  out.skip(1);
  const names = all.map(({ name }) => out.text(name) - all.at(-1)!.start);
  const namesSize = out.size - all.at(-1)!.start;
  const table = out.align(8);
  out.skip(64);
  all.forEach(({ type, flags, start, size, link = 0, info = 0, align, entry = 0 }, at) => {
    out.u32(names[at]!);
    out.u32(type);
    out.u64(flags);
    // Addresses equal offsets; what is not loaded has none.
    out.u64((flags & 2) === 0 ? 0 : start);
    out.u64(start);
    out.u64(at === all.length - 1 ? namesSize : size);
    out.u32(link);
    out.u32(info);
    out.u64(align);
    out.u64(entry);
  });
  return table;
}

/** Writes the header of a shared object for a machine, with `sectionCount` sections beside the null one and the names. */
export function fileHeader(out: Bytes, machine: number, sectionTable: number, sectionCount: number): void {
  const ident = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0];
  ident.forEach((byte, at) => out.set8(at, byte));
  out.set32(16, 3 | (machine << 16));
  out.set32(20, 1);
  out.set64(32, 64);
  out.set64(40, sectionTable);
  out.set32(52, 64 | (56 << 16));
  out.set32(56, segmentCount | (64 << 16));
  out.set32(60, (sectionCount + 2) | ((sectionCount + 1) << 16));
}

export function programHeaders(out: Bytes, segments: readonly Segment[]): void {
  segments.forEach(([type, flags, start, end, align], index) => {
    const at = 64 + 56 * index;
    out.set32(at, type);
    out.set32(at + 4, flags);
    for (const field of [8, 16, 24]) out.set64(at + field, start);
    for (const field of [32, 40]) out.set64(at + field, end - start);
    out.set64(at + 48, align);
  });
}

/**
 * Twenty bytes that stand for the content (FNV-1a by words, five times): perf keeps files apart by them. The content's
 * size is a multiple of four.
 */
export function buildId(content: Uint8Array): readonly number[] {
  const words = new Uint32Array(content.buffer, content.byteOffset, content.length >> 2);
  const id: number[] = [];
  for (let seed = 0; seed < 5; seed++) {
    let hash = 0x811c9dc5 ^ seed;
    // The upper bits of a product reach no lower one: the shift brings them there.
    for (let at = 0; at < words.length; at++) {
      hash = Math.imul(hash ^ words[at]!, 0x01000193);
      hash ^= hash >>> 15;
    }
    id.push(hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255, hash >>> 24);
  }
  return id;
}
