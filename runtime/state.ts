/** The one mutable state of the process, on `globalThis`, so that two copies of the package share one registry. */
import type { Dispatch } from "./dispatcher.ts";
import type { Frame } from "./context.ts";
import type { Connected, Module } from "./callsite.ts";
import type { LevelFilter } from "./level.ts";
import type { Metadata } from "./metadata.ts";
import type { Storage } from "./platform.ts";
import type { SpanId } from "./subscriber.ts";
import type { SyncCall } from "./sync-call.ts";
import type { Table } from "./table.ts";
import { host } from "./platform.ts";

const abi = 1;

/** What all copies share. Read and written by structure only: no `instanceof` across copies. */
export interface State {
  readonly abi: number;
  /** The most verbose level that any live subscriber may want; OFF until there is one. */
  maxLevel: LevelFilter;
  /** Registered modules by file and hash. Weak: a module that was replaced lives as long as its code does. */
  readonly modules: Map<string, WeakRef<Module>>;
  dispatchers: WeakRef<Dispatch>[];
  global: Dispatch | undefined;
  /** Whether a scoped default was ever set; until then the global one is the current one. */
  scoped: boolean;
  /** True while a subscriber runs: what it emits goes nowhere. */
  busy: boolean;
  rebuilding: boolean;
  /**
   * The innermost frame where the platform has no AsyncLocalStorage, else the innermost call of a synchronous function;
   * and such calls that are over and can be used again. `context.ts` says why in an object of their own.
   */
  current: { frame: Frame | undefined; spare: SyncCall | undefined };
  /** `null` where there is none, `undefined` until the first span is entered. */
  storage: Storage<Frame> | null | undefined;
  /** How many frames were entered by hand and not left: while there are none, functions know what they are in. */
  entries: number;
  /** How many scopes of `inScope` are open: while there are none, nothing has to enter one again. */
  scopes: number;
  /** How often something asked where it is that may outlive the calls around it. */
  holds: number;
  /** Keys of what was already reported. */
  readonly told: Set<string>;
  nextSpan: number;
  /** Who watches for spans that are never closed, if anybody does. */
  orphans:
    | {
        opened(handle: object, dispatch: Dispatch, id: SpanId, metadata: Metadata): void;
        closed(handle: object): void;
      }
    | undefined;
  /** Finds the memory of a module's cells in its probe file; where there are no probes there is none. */
  connect: ((table: Table) => Connected | undefined) | undefined;
  /** Whether a tracer follows spans: then functions exit and enter them although no subscriber wants them. */
  probing: boolean;
  /** Is told what subscribers are told, while a tracer follows one of their spans. */
  tap: ((dispatch: Dispatch, method: string, id: SpanId, values?: unknown) => void) | undefined;
  /** Whether values of this name are kept out of every output. */
  redacts: ((name: string) => boolean) | undefined;
}

/** The state of this process. */
export const state: State = /*#__PURE__*/ share();

function share(): State {
  const key = Symbol.for("dtracing.v1");
  const shared = globalThis as { [key]?: State };
  const found = shared[key];
  if (found?.abi === abi) return found;
  // Sealed: jest turns what it can of the globals that a test leaves into accessors, which end in themselves.
  const fresh: State = Object.seal({
    abi,
    maxLevel: 0,
    modules: new Map(),
    dispatchers: [],
    global: undefined,
    scoped: false,
    busy: false,
    rebuilding: false,
    current: { frame: undefined, spare: undefined },
    storage: undefined,
    entries: 0,
    scopes: 0,
    holds: 0,
    told: new Set(),
    nextSpan: 1,
    orphans: undefined,
    connect: undefined,
    probing: false,
    tap: undefined,
    redacts: undefined,
  });
  if (found === undefined) shared[key] = fresh;
  else if (!found.told?.has("abi")) {
    found.told?.add("abi");
    host.console?.error(
      `dtracing: two versions that cannot share a subscriber are loaded (abi ${found.abi} and ${abi}); install one of them`,
    );
  }
  return fresh;
}
