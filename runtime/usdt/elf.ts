/** Writes a probe file: an ELF64 shared object with SystemTap notes that is also a Node-API addon. Pure: same input, same bytes. */
import type { Architecture, Machine, Nop } from "./architecture.ts";
import { machineOf } from "./architecture.ts";
import { Bytes, utf8 } from "./bytes.ts";
import type { Section } from "./elf-headers.ts";
import { buildId, fileHeader, headersSize, programHeaders, sectionHeaders } from "./elf-headers.ts";
import { glue, imports } from "./glue.ts";
import { note } from "./note.ts";

/** A place where tracers can attach: a stub, and the names it is known by. */
export interface Place {
  /** What a stack trace shows for it. */
  readonly symbol: string;
  readonly probes: readonly Probe[];
}

/** One name of a place. */
export interface Probe {
  readonly name: string;
  /** The 32-bit word whose low half tracers count up. */
  readonly word: number;
  /** For each argument whether it is a signed number. */
  readonly signed: readonly boolean[];
}

/** What is written. */
export interface ProbeFile {
  readonly architecture: Architecture;
  readonly nop: Nop;
  readonly provider: string;
  readonly places: readonly Place[];
  /** How many 32-bit words the file shares with the program. */
  readonly words: number;
  /** Given to the program as it is. */
  readonly index: string;
}

const kind = { progbits: 1, symtab: 2, strtab: 3, rela: 4, hash: 5, dynamic: 6, note: 7, dynsym: 11 } as const;
const flag = { write: 1, alloc: 2, execute: 4 } as const;

/** The bytes of a probe file. Addresses equal file offsets: perf 6.1 takes the one for the other. */
export function writeElf(file: ProbeFile): Uint8Array {
  const machine = machineOf(file.architecture, file.nop);
  const { entry, hex } = glue[file.architecture];
  const out = new Bytes();
  const sections: Section[] = [];
  const section = (name: string, type: number, flags: number, start: number, rest: Partial<Section> = {}): number => {
    sections.push({ name, type, flags, start, size: out.size - start, align: 1, ...rest });
    return sections.length;
  };
  out.skip(headersSize);

  // What the loader reads: one symbol that the host looks for, and the host's functions that the glue calls.
  const strings = new Bytes();
  strings.skip(1);
  const names = ["napi_register_module_v1", ...imports].map((name) => strings.text(name));
  const symbols = out.align(8);
  out.skip(24 * (names.length + 1));
  const dynsym = section(".dynsym", kind.dynsym, flag.alloc, symbols, { link: 2, info: 1, align: 8, entry: 24 });
  const dynstr = out.put(strings.done());
  section(".dynstr", kind.strtab, flag.alloc, dynstr);
  const hash = out.align(8);
  // One bucket: a chain through all symbols.
  for (const word of [1, names.length + 1, 1, 0]) out.u32(word);
  names.forEach((_, index) => out.u32(index + 1 < names.length ? index + 2 : 0));
  section(".hash", kind.hash, flag.alloc, hash, { link: dynsym, align: 8, entry: 4 });
  const rela = out.align(8);
  out.skip(24 * imports.length);
  section(".rela.dyn", kind.rela, flag.alloc, rela, { link: dynsym, align: 8, entry: 24 });
  const base = out.skip(1);
  section(".stapsdt.base", kind.progbits, flag.alloc, base);
  const json = utf8(file.index);
  const index = out.put(json);
  section(".dtracing.index", kind.progbits, flag.alloc, index);
  const id = out.align(4);
  note(out, "GNU", (desc) => desc.skip(20));
  section(".note.gnu.build-id", kind.note, flag.alloc, id, { align: 4 });

  const text = out.align(16);
  const code = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  out.put(code);
  const stubs = out.align(16);
  const stubSize = Math.ceil(machine.stub.length / 8) * 8;
  for (let i = 0; i < file.places.length; i++) {
    out.put(machine.stub);
    out.align(8);
  }
  const textIndex = section(".text", kind.progbits, flag.alloc | flag.execute, text, { align: 16 });
  const codeEnd = out.size;

  const data = out.align(machine.page);
  const dynamic = out.size;
  const entries = [
    [4, hash],
    [5, dynstr],
    [6, symbols],
    [7, rela],
    [8, 24 * imports.length],
    [9, 24],
    [10, strings.size],
    [11, 24],
    [0, 0],
  ] as const;
  for (const [tag, value] of entries) {
    out.u64(tag);
    out.u64(value);
  }
  section(".dynamic", kind.dynamic, flag.alloc | flag.write, dynamic, { link: 2, align: 8, entry: 16 });
  const got = out.skip(8 * imports.length);
  section(".got", kind.progbits, flag.alloc | flag.write, got, { align: 8, entry: 8 });
  const words = out.align(64);
  out.skip(4 * file.words);
  section(".probes", kind.progbits, flag.alloc | flag.write, words, { align: 64 });
  const dataEnd = out.size;

  const notes = out.align(4);
  file.places.forEach((place, at) => {
    for (const probe of place.probes) {
      note(out, "stapsdt", (desc) => {
        desc.u64(stubs + at * stubSize);
        desc.u64(base);
        desc.u64(words + 4 * probe.word);
        desc.text(file.provider);
        desc.text(probe.name);
        desc.text(argumentsOf(probe, machine));
      });
    }
  });
  section(".note.stapsdt", kind.note, 0, notes, { align: 4 });

  // For people: the functions around the callsites, as the names of their stubs.
  const symbolNames = new Bytes();
  symbolNames.skip(1);
  const symtab = out.align(8);
  out.skip(24);
  const symbol = (name: string, value: number, size: number): void => {
    out.u32(symbolNames.text(name));
    out.put([2, 0]);
    out.u16(textIndex);
    out.u64(value);
    out.u64(size);
  };
  symbol("dtracing_fire", text, code.length);
  file.places.forEach((place, at) => symbol(place.symbol, stubs + at * stubSize, stubSize));
  const count = file.places.length + 2;
  section(".symtab", kind.symtab, 0, symtab, { link: sections.length + 2, info: count, align: 8, entry: 24 });
  section(".strtab", kind.strtab, 0, out.put(symbolNames.done()));

  // The host looks up the first symbol; the loader puts the addresses of the others into the slots.
  [...names.keys()].forEach((at) => {
    const own = symbols + 24 * (at + 1);
    out.set32(own, names[at]!);
    out.set8(own + 4, at === 0 ? 0x12 : 0x10);
    if (at > 0) return;
    out.set32(own + 4, 0x12 | (textIndex << 16));
    out.set64(own + 8, text + entry);
    out.set64(own + 16, code.length - entry);
  });
  imports.forEach((_, at) => {
    out.set64(rela + 24 * at, got + 8 * at);
    out.set32(rela + 24 * at + 8, machine.globDat);
    out.set32(rela + 24 * at + 12, at + 2);
  });
  const places = file.places.length;
  const config = [got - text, words - text, 4 * file.words, index - text, json.length, stubs - text, stubSize, places];
  config.forEach((value, at) => out.set32(text + 4 * at, value));
  const table = sectionHeaders(out, sections);
  fileHeader(out, machine.number, table, sections.length);
  programHeaders(out, [
    [1, 5, 0, codeEnd, machine.page],
    [1, 6, data, dataEnd, machine.page],
    [2, 6, dynamic, got, 8],
    // Present and not executable, or old loaders make every stack of the process executable.
    [0x6474e551, 6, 0, 0, 16],
  ]);
  buildId(out.done()).forEach((byte, at) => out.set8(id + 16 + at, byte));
  return out.done();
}

/** `8@%rdi -8@%rsi`: size and place of each argument, negative sizes for signed ones. */
function argumentsOf(probe: Probe, machine: Machine): string {
  return probe.signed.map((signed, at) => `${signed ? "-" : ""}8@${machine.registers[at]}`).join(" ");
}
