import { Level } from "../../runtime/level.ts";

/** What a member of `trace` is at build time. */
export type Macro =
  | { readonly kind: "event" | "span"; readonly level: Level }
  /** The level is the first argument. */
  | { readonly kind: "event" | "span" | "enabled"; readonly level: undefined };

/** Every macro of `trace` by its name. */
export const macros: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ...Object.entries(Level).flatMap(([name, level]): [string, Macro][] => [
    [name.toLowerCase(), { kind: "event", level }],
    [`${name.toLowerCase()}Span`, { kind: "span", level }],
  ]),
  ["event", { kind: "event", level: undefined }],
  ["span", { kind: "span", level: undefined }],
  ["enabled", { kind: "enabled", level: undefined }],
  ["eventEnabled", { kind: "enabled", level: undefined }],
  ["spanEnabled", { kind: "enabled", level: undefined }],
]);
