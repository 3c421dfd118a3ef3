/** Keeps values out of every output. */
import type { Wrapped } from "../field.ts";
import { display } from "../field.ts";
import { state } from "../state.ts";

/** Records `[secret]` in place of a value, which is not kept at all. */
export function secret(_value: unknown): Wrapped {
  return display("[secret]");
}

/**
 * From now on every output of the process shows `[redacted]` for fields, and for properties at any depth, of these
 * names: exact in any case, or what a RegExp matches. Calls add up; the answer takes this one's names back.
 */
export function redact(...names: readonly (string | RegExp)[]): () => void {
  const exact = new Set(names.filter((name) => typeof name === "string").map((name) => name.toLowerCase()));
  const patterns = names.filter((name) => typeof name !== "string");
  let live = true;
  const outer = state.redacts;
  state.redacts = (name) =>
    (live && (exact.has(name.toLowerCase()) || patterns.some((pattern) => name.search(pattern) >= 0))) ||
    (outer?.(name) ?? false);
  return () => void (live = false);
}
