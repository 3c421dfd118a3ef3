/** Which files are looked at, for hosts that ask for patterns. */

/** Languages that are rewritten; a part of a component says its own in a query. */
export const sourceFile: RegExp = /\.[cm]?[jt]sx?(?:$|\?)/;

/** Dependencies are built before they are published; only what the user writes is rewritten. */
export const dependency: RegExp = /[\\/]node_modules[\\/]/;

/** Neither is a module that a plugin made up, whose id begins with a null. */
export const excluded: RegExp[] = [dependency, /^\0/];
