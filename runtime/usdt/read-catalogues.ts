/** What the build of the running program says of its callsites, the stripped ones included. */
import type { Catalogue } from "./catalogue.ts";
import { callerFolders, filesAbove } from "./find.ts";
import { node } from "./node.ts";

/** The folders that a program runs from: those of its first file and of the files on the stack. */
export function programFolders(): readonly string[] {
  const here = node();
  if (here === undefined) return [];
  const { fs, path, process } = here;
  const folders = callerFolders(64);
  try {
    // a command of a package is a link
    return [path.dirname(fs.realpathSync(process.argv[1]!)), ...folders];
  } catch {
    return folders;
  }
}

/** The catalogues beside or above these folders. A file that cannot be read is none. */
export function readCatalogues(folders: readonly string[]): readonly Catalogue[] {
  const files = new Set(folders.flatMap((folder) => filesAbove(folder, ".callsites.json")));
  return [...files].flatMap((file) => {
    try {
      const read = JSON.parse(node()!.fs.readFileSync(file, "utf8")) as Catalogue;
      return read.version === 1 && read.stripped ? read : [];
    } catch {
      return [];
    }
  });
}
