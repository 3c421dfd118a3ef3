/** The names that generated code uses, each lengthened until the source does not contain it. */
export interface Names {
  /** The namespace of `dtracing/internal`. */
  readonly runtime: string;
  /** The array of cells, one for each callsite. */
  readonly cells: string;
  /** Undefined until the module's first statement ran. */
  readonly up: string;
  /** The hoisted function that returns the metadata. */
  readonly sites: string;
  /** The activation of a function that can be suspended; with a suffix, what belongs to one. */
  readonly activation: string;
}

export function chooseNames(code: string): Names {
  return {
    runtime: unused("$dt", code),
    cells: unused("$on", code),
    up: unused("$up", code),
    sites: unused("$sites", code),
    activation: unused("$a", code),
  };
}

function unused(name: string, code: string): string {
  return code.includes(name) ? unused(`${name}_`, code) : name;
}
