import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** With DTRACING_DUMP=folder every transformed file is written there as well, to be read. */
export function dump(id: string, code: string): void {
  const folder = process.env["DTRACING_DUMP"];
  if (folder === undefined || folder === "") return;
  const path = relative(process.cwd(), id.replace(/[?#].*$/, "")).replaceAll("..", "_");
  const file = join(resolve(folder), path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  } catch (error) {
    process.stderr.write(`dtracing: DTRACING_DUMP: ${(error as Error).message}\n`);
  }
}
