/** Layers and filters that are exchanged while the program runs, as Rust's `reload`. It takes effect on the next call. */
import type { Dispatch } from "../dispatcher.ts";
import type { Filter } from "./filter.ts";
import type { Filtered, Layer, LayerLike } from "./layer.ts";
import type { Entry, Stack } from "./stack.ts";
import { rebuildInterest } from "../interest.ts";
import { and, byTarget } from "./combinators.ts";

/** Exchanges what `reload` was given. */
export interface ReloadHandle<T> {
  readonly current: T;
  reload(next: T): void;
  /** Exchanges it for what `change` makes of it. */
  modify(change: (current: T) => T): void;
}

/** A filter, for everybody or for one layer, and the handle that exchanges it. */
export function reload<F extends Filter>(filter: F): readonly [filter: Filter, handle: ReloadHandle<F>] {
  let current = filter;
  let decidesFor: Dispatch | undefined;
  const proxy: Filter = {
    onRegisterDispatch: (dispatch) => current.onRegisterDispatch?.((decidesFor = dispatch)),
    registerCallsite: (metadata) => current.registerCallsite?.(metadata) ?? 1,
    registerTarget: (target, level) => byTarget(current, target, level),
    enabled: (metadata, context) => current.enabled(metadata, context),
    maxLevelHint: () => current.maxLevelHint?.(),
    // asked for each event by all who have it, so it must not be there without need
    get eventEnabled() {
      return current.eventEnabled?.bind(current) as NonNullable<Filter["eventEnabled"]>;
    },
  };
  return [
    proxy,
    handleOf(
      () => current,
      (next) => {
        current = next;
        if (decidesFor) next.onRegisterDispatch?.(decidesFor);
      },
    ),
  ];
}

/** What a reloaded layer may become: not several, because each has its place in the registry for good. */
export type Reloadable = Layer | Filtered | null;

/** A layer, with or without its own filter or none at all, and the handle that exchanges it. It is added once. */
export function reloadLayer(layer: Reloadable): readonly [layer: LayerLike, handle: ReloadHandle<Reloadable>] {
  let current = layer;
  let place: { readonly entry: Entry; readonly stack: Stack; readonly outer: Filter | undefined } | undefined;
  const slot: Layer = {
    onLayer(registry) {
      const stack = registry as Stack;
      const entry = stack.entries.findLast((one) => one.layer === slot)!;
      // a filter that was put around the slot stays around whatever is in it
      place = { entry, stack, outer: entry.alone ? (entry.judge as Filter) : undefined };
      fill();
    },
  };
  const fill = (): void => {
    if (place === undefined) return;
    const { entry, stack, outer } = place;
    const { filter, layer = current as Layer } = (current ?? { layer: {} }) as Partial<Filtered>;
    stack.occupy(entry, { layer, filter: filter && outer ? and(outer, filter) : (filter ?? outer) });
    layer.onLayer?.(stack);
  };
  return [
    slot,
    handleOf(
      () => current,
      (next) => {
        current = next;
        fill();
      },
    ),
  ];
}

function handleOf<T>(get: () => T, set: (next: T) => void): ReloadHandle<T> {
  const handle: ReloadHandle<T> = {
    get current() {
      return get();
    },
    reload(next) {
      set(next);
      rebuildInterest();
    },
    modify: (change) => handle.reload(change(get())),
  };
  return handle;
}
