/** What a build says of its callsites: the content of `<name>.callsites.json`. */
import type { Level, LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";

/** Every callsite of a build. */
export interface Catalogue {
  readonly version: 1;
  /** The provider of the probes. */
  readonly provider: string;
  readonly modules: readonly CataloguedModule[];
  /** In the order of their ids. */
  readonly callsites: readonly CataloguedCallsite[];
  /** What the source asks for and the build left out. Probe files and code know nothing of it. */
  readonly stripped: readonly StrippedCallsite[];
}

/** A module: `count` callsites from the id `first` on. A running program recognises its own by the rest. */
export interface CataloguedModule {
  readonly file: string;
  /** Of its source and its table of callsites. */
  readonly hash: string;
  readonly target: string;
  readonly first: number;
  readonly count: number;
}

/** One callsite; a macro whose level is only known at run time is one for each level. */
export interface CataloguedCallsite {
  /** Its place in the file's cells, and what probes give as `callsite`. */
  readonly id: number;
  readonly kind: Metadata["kind"];
  /** The name of its own probe; `enabled` questions have none. */
  readonly probe?: string;
  /** The name of a span or event, as in its metadata. */
  readonly name: string;
  readonly target: string;
  readonly level: Level;
  /** The static message, with `{field}` placeholders. */
  readonly message?: string;
  readonly fields: readonly CataloguedField[];
  /** Whether it takes fields whose names are only known at run time. */
  readonly open?: true;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The named function around it. */
  readonly function?: string;
}

/** A callsite above the static maximum of its target; of a dynamic level, one for each level that is. */
export interface StrippedCallsite extends Omit<CataloguedCallsite, "id" | "probe"> {
  readonly staticMax: LevelFilter;
}

/**
 * A field, and what the source says of its values: `value` where it says nothing; it is then passed as an integer
 * if it is one (or a boolean), and as text if it is anything else.
 */
export interface CataloguedField {
  readonly name: string;
  readonly type: "text" | "integer" | "boolean" | "value";
}

/** What a transformed file contributes; ids and probe names are given once all files are known. */
export interface ModuleCallsites extends Pick<CataloguedModule, "file" | "hash" | "target"> {
  readonly callsites: readonly Omit<CataloguedCallsite, "id" | "probe" | "file">[];
  readonly stripped?: readonly Omit<StrippedCallsite, "file">[];
}
