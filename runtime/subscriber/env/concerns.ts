/** Which callsites a directive is for, as far as names alone say. */
import type { Metadata } from "../../metadata.ts";
import { covers, type Directive } from "./directive.ts";

/** The part of metadata that directives ask for. */
export type Subject = Pick<Metadata, "kind" | "name" | "target" | "layout" | "message">;

/** Whether a directive can match a callsite: by target, name, and the names of the fields. */
export function concerns({ target, span, fields }: Directive, subject: Subject): boolean {
  return (
    covers(target, subject.target) &&
    (span === undefined || (subject.kind === "span" && span === subject.name)) &&
    fields.every(({ name }) => declares(subject, name) || subject.layout.includes("..."))
  );
}

/** Whether a callsite has a field of this name whatever happens. */
export function declares({ layout, message }: Subject, name: string): boolean {
  return layout.includes(name) || (name === "message" && message !== undefined);
}

/** Whether a directive is for the inside of spans. */
export function cares({ span, fields }: Directive): boolean {
  return span !== undefined || fields.length > 0;
}

/** Whether the names of the fields alone do not say; of an open set they are known with the values only. */
export function needsValue({ fields }: Directive, subject?: Subject): boolean {
  return fields.some(({ name, value }) => value !== undefined || (subject && !declares(subject, name)));
}

/** The directives for a callsite itself, of sorted ones: most specific first, up to one that needs no value. */
export function ownOf(sorted: readonly Directive[], subject: Subject): readonly Directive[] {
  const own = sorted.filter((one) => one.span === undefined && concerns(one, subject));
  const last = own.findIndex((one) => !needsValue(one, subject));
  return last < 0 ? own : own.slice(0, last + 1);
}
