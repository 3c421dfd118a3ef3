/** Where an event or span hangs: below the current span, nowhere, or below a given span. */
import type { SpanId } from "./subscriber.ts";

/** As Rust's contextual, root and explicit parents. */
export type Parent =
  | { readonly kind: "current" }
  | { readonly kind: "root" }
  | { readonly kind: "explicit"; readonly id: SpanId };

/** Below the current span. */
export const current: Parent = { kind: "current" };
const root: Parent = { kind: "root" };

/** The key under which a `trace.with({ … })` facade keeps its options. */
export const options: unique symbol = /*#__PURE__*/ Symbol.for("dtracing.options");

/** What `parent` accepts: a span or its id; `null` and a span that is none are a root; `undefined` is the current span. */
export type ParentLike = { readonly id: SpanId | undefined } | SpanId | null | undefined;

/** Resolves the value of a `^` field, which can also be the facade whose option it is. */
export function parentOf(value: unknown): Parent {
  if (value === undefined) return current;
  if (typeof value === "number") return { kind: "explicit", id: value };
  if (value === null) return root;
  const facade = (value as { readonly [options]?: { readonly parent?: unknown } })[options];
  if (facade !== undefined) return parentOf(facade.parent);
  const { id } = value as { readonly id?: SpanId };
  return id === undefined ? root : { kind: "explicit", id };
}
