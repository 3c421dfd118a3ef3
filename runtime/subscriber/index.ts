/** Everything of subscribers that is not part of the core: what a program does not name, it does not ship. */
export type { EnvFilter, EnvFilterOptions } from "./env-filter.ts";
export type { Directive, Expected, FieldMatch } from "./env/directive.ts";

export { envFilter, envFilterFromEnv } from "./env-filter.ts";
export { FilterError } from "./env/filter-error.ts";
