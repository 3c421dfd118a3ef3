/** What differs between the two machines: instructions, registers, and the numbers of their ELF files. */

/** The machines a probe file can be written for, on any machine. */
export type Architecture = "x64" | "arm64";

/**
 * The x64 instruction at a probe. `nop10` is a one-byte nop with a ten-byte one behind it, safe on every kernel.
 * `nop5` is half as dear per hit from Linux 6.18 on, but there a child that was forked without exec can crash at it.
 */
export type Nop = "nop10" | "nop5";

/** The facts of one machine. */
export interface Machine {
  /** `e_machine`. */
  readonly number: number;
  /** The relocation that puts the address of a function into a slot. */
  readonly globDat: number;
  /** The largest page a kernel of that machine uses: segments are aligned to it. */
  readonly page: number;
  /** The registers of the first six arguments of a call, as tracers write them. */
  readonly registers: readonly string[];
  /** A function that returns at once; a tracer puts its breakpoint onto the first instruction. */
  readonly stub: readonly number[];
}

const ret = 0xc3;
const x64 = { number: 62, globDat: 6, page: 0x1000, registers: ["%rdi", "%rsi", "%rdx", "%rcx", "%r8", "%r9"] };
const nop10 = [0x90, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0, ret];
const nop5 = [0x0f, 0x1f, 0x44, 0, 0, ret];
const arm64: Machine = {
  number: 183,
  globDat: 1025,
  page: 0x10000,
  registers: ["x0", "x1", "x2", "x3", "x4", "x5"],
  stub: [0x1f, 0x20, 0x03, 0xd5, 0xc0, 0x03, 0x5f, 0xd6],
};

export function machineOf(architecture: Architecture, nop: Nop): Machine {
  return architecture === "arm64" ? arm64 : { ...x64, stub: nop === "nop5" ? nop5 : nop10 };
}
