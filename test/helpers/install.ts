/** Installs what a folder's lock file names, on first use. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Installs a folder's packages unless they are there. Suites run side by side and may want the same folder: what one
 * of them is still unpacking must not look installed to the other, so that `node_modules` appears whole, by a rename.
 * @returns the folder
 * @throws what `npm install` failed with
 */
export function installed(folder: string): string {
  const modules = join(folder, "node_modules");
  if (existsSync(modules)) return folder;
  const beside = mkdtempSync(join(folder, "dist-install-"));
  try {
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
      if (existsSync(join(folder, file))) copyFileSync(join(folder, file), join(beside, file));
    }
    // not `ci`: it refuses a lock file in which the packages of other systems are missing
    execFileSync("npm", ["install", "--no-fund", "--no-audit"], {
      cwd: beside,
      stdio: ["ignore", "ignore", "inherit"],
    });
    renameSync(join(beside, "node_modules"), modules);
  } catch (error) {
    // the other one was first
    if (!existsSync(modules)) throw error;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}
