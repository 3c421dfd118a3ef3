/** Everything of subscribers that is not part of the core: what a program does not name, it does not ship. */
export type { EnvFilter, EnvFilterOptions } from "./env-filter.ts";
export type { Directive, Expected, FieldMatch } from "./env/directive.ts";
export type { Reloadable, ReloadHandle } from "./reload.ts";

export { and, not, or } from "./combinators.ts";
export { envFilter, envFilterFromEnv } from "./env-filter.ts";
export { FilterError } from "./env/filter-error.ts";
export { dynamicFilterFn, filterFn } from "./filter-fn.ts";
export { reload, reloadLayer } from "./reload.ts";
