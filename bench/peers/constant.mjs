/** The floor: a constant line of the same length, through a writer. */
import { createRequire } from "node:module";
import { buffered, file } from "../../dist/runtime/output/writers/index.js";

const require = createRequire(import.meta.url);

export async function open({ path, isBuffered, writer, length }) {
  const line = `${"x".repeat(length - 1)}\n`;
  if (writer === "dtracing") {
    const log = buffered(file(path), isBuffered ? {} : { interval: 0 });
    return { log: { write: log }, line, flush: () => log.flush() };
  }
  const SonicBoom = require(writer === "4.2.0" ? "sonic-boom-4.2.0" : "sonic-boom");
  const log = new SonicBoom({ dest: path, sync: true, minLength: isBuffered ? 4096 : 0 });
  return { log, line, flush: () => log.flushSync() };
}

export function statement() {
  return "log.write(line);";
}
