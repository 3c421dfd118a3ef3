/** An ELF note of type 3, which is both a build id and a SystemTap probe. */
import { Bytes } from "./bytes.ts";

/** Appends a note of `owner` whose content `write` appends. */
export function note(out: Bytes, owner: string, write: (content: Bytes) => void): void {
  const content = new Bytes();
  write(content);
  out.u32(owner.length + 1);
  out.u32(content.size);
  out.u32(3);
  out.text(owner);
  out.align(4);
  out.put(content.done());
  out.align(4);
}
