import { writeCatalogue, type ModuleCallsites, type ResolvedOptions } from "../index.ts";

/** The callsites of a build, file by file; a watching host replaces those of the files that changed. */
export class Collection {
  readonly #modules = new Map<string, ModuleCallsites>();

  /** Notes what a file adds, or that it adds nothing any more. */
  set(id: string, module: ModuleCallsites | undefined): void {
    if (module === undefined) this.#modules.delete(id);
    else this.#modules.set(id, module);
  }

  /** Writes the catalogue of the files that are in the output; without `ids` these are all. */
  write(folder: string, options: ResolvedOptions, ids?: ReadonlySet<string>): void {
    const modules = [...this.#modules].filter(([id]) => ids === undefined || ids.has(id)).map(([, module]) => module);
    writeCatalogue(folder, options.packageName, modules, options.usdt);
  }
}
