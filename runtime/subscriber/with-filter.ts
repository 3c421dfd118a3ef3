/** Filters of one layer's own, as Rust's `layer.with_filter(filter)`. */
import type { Filter } from "./filter.ts";
import type { Filtered, Layer, LayerLike } from "./layer.ts";
import { ALWAYS, SOMETIMES } from "../interest.ts";
import { and } from "./combinators.ts";

/**
 * Gives a layer (or several) a filter of its own: the layer sees only what it lets through, and the others are not
 * affected. Filters nest, and what the layer itself decides then counts for the layer alone. No filter lets all through.
 */
export function withFilter(layer: LayerLike, filter: Filter | null | undefined): LayerLike {
  if (!layer || !filter) return layer;
  if (Array.isArray(layer)) return (layer as readonly LayerLike[]).map((one) => withFilter(one, filter));
  if ("layer" in layer) return { layer: layer.layer, filter: and(filter, (layer as Filtered).filter) };
  const { registerCallsite, enabled, eventEnabled, maxLevelHint } = layer as Layer;
  const judges = registerCallsite ?? enabled ?? eventEnabled ?? maxLevelHint;
  return { layer: layer as Layer, filter: judges ? and(filter, ofLayer(layer as Layer)) : filter };
}

function ofLayer(layer: Layer): Filter {
  return {
    registerCallsite: (metadata) => layer.registerCallsite?.(metadata) ?? (layer.enabled ? SOMETIMES : ALWAYS),
    enabled: (metadata, context) => layer.enabled?.(metadata, context) ?? true,
    eventEnabled: (event, context) => layer.eventEnabled?.(event, context) ?? true,
    maxLevelHint: () => layer.maxLevelHint?.(),
  };
}
