/** The cheapest sink there is for peers that bring none: text is gathered and written in chunks, or line by line. */
import { openSync, writeSync } from "node:fs";

/** `{ write(text), flush() }` on the file at `path`, which is appended to. */
export function sinkTo(path, isBuffered) {
  const descriptor = openSync(path, "a");
  let pending = "";
  const flush = () => {
    if (pending !== "") writeSync(descriptor, pending);
    pending = "";
  };
  const write = (text) => {
    pending += text;
    if (!isBuffered || pending.length >= 16_384) flush();
    return true;
  };
  return { write, flush };
}
