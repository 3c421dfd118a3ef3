/** Spans that a program forgets: never closed, and collected by the engine. For development: watching costs each span. */
import type { Dispatch } from "./dispatcher.ts";
import type { Metadata } from "./metadata.ts";
import type { SpanId } from "./subscriber.ts";
import { call } from "./call.ts";
import { placeOf } from "./metadata.ts";
import { report } from "./report.ts";
import { state } from "./state.ts";

interface Lost {
  readonly dispatch: Dispatch;
  readonly id: SpanId;
  readonly metadata: Metadata;
}

interface Registry {
  register(target: object, held: Lost, token: object): void;
  unregister(token: object): void;
}

/**
 * From now on a span whose handle is collected before it was closed is reported, once for each place, and closed.
 * `dtracing/auto` asks for it unless NODE_ENV is production. Does nothing where there is no FinalizationRegistry.
 */
export function warnOrphans(): void {
  const { FinalizationRegistry: Native } = globalThis as {
    FinalizationRegistry?: new (lost: (held: Lost) => void) => Registry;
  };
  if (Native === undefined || state.orphans !== undefined) return;
  const registry = new Native(({ dispatch, id, metadata }) => {
    const place = placeOf(metadata);
    report(
      `orphan ${place} ${metadata.name}`,
      `${place}: the span "${metadata.name}" was never closed; hold it with using, close() it, or finish or return() its generator`,
      "warn",
    );
    call(dispatch, "tryClose", id);
  });
  state.orphans = {
    opened: (handle, dispatch, id, metadata) => registry.register(handle, { dispatch, id, metadata }, handle),
    closed: (handle) => registry.unregister(handle),
  };
}
