/** An ELF note of type 3, which is both a build id and a SystemTap probe. */
import type { Bytes } from "./bytes.ts";

/** Appends a note of `owner` whose content `write` appends. */
export function note(out: Bytes, owner: string, write: (content: Bytes) => void): void {
  out.u32(owner.length + 1);
  const size = out.skip(4);
  out.u32(3);
  out.text(owner);
  const start = out.align(4);
  write(out);
  out.set32(size, out.size - start);
  out.align(4);
}
