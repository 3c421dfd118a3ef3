/** The forms a program is run in, and where compile.mjs puts them. */
import { join } from "node:path";

const endings = { ESM: "mjs", CommonJS: "cjs", esbuild: "esbuild.mjs", Rolldown: "rolldown.mjs" };
export const forms = Object.keys(endings);

/** Where a program is in a form. */
export function outputOf(folder, name, form) {
  return join(folder, `${name}.${endings[form]}`);
}
