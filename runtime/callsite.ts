/** A callsite is made when it is reached; until then it is a cell and a line of text. */
import type { Bound, Emit } from "./decide.ts";
import type { Interest } from "./interest.ts";
import type { MakeSpan } from "./make-span.ts";
import type { Metadata } from "./metadata.ts";
import type { Table } from "./table.ts";
import { ask, liveDispatchers, updateModule } from "./interest.ts";
import { metadataAt } from "./table.ts";

/** What `state.connect` answers for a module that has a probe file: memory of the file, and a probe for each row. */
export interface Connected {
  readonly cells: Int32Array;
  /** Says in a cell whether subscribers want the callsite. */
  publish(index: number, interest: Interest): void;
  /** What was published last. */
  interestOf(index: number): Interest;
  probeOf(index: number): Probe;
}

/** Stands between the guard and the subscriber, because a tracer may want the callsite as well. */
export interface Probe {
  event(callsite: Callsite, emit: Emit | undefined): Emit | undefined;
  span(callsite: Callsite, make: MakeSpan | undefined): MakeSpan | undefined;
}

/** A registered module. `cells[i]` is the guard of callsite i: low half the USDT semaphore, high half the interest. */
export interface Module {
  readonly table: Table;
  readonly cells: Int32Array;
  /** Those that were reached. */
  readonly callsites: (Callsite | undefined)[];
  /** What subscribers were asked about: kept as long as one of them keeps it, until the callsite is reached. */
  readonly asked: (WeakRef<Metadata> | undefined)[];
  /** Whether the cells hold answers; as long as no callsite of the module is reached, nobody needs to be asked. */
  isAsked: boolean;
  readonly connected: Connected | undefined;
}

/** The static place of an event or span. */
export interface Callsite {
  readonly metadata: Metadata;
  /** What its cell says, unless threads share the cell. */
  interest: Interest;
  readonly probe: Probe | undefined;
  /** The index of the explicit parent in the values, or -1. */
  readonly parentAt: number;
  /** What decide.ts answered last: while the decision does not change, it allocates once. */
  bound: Bound | undefined;
}

/** A callsite of a module; made when it is reached first. */
export function callsiteAt(module: Module, index: number): Callsite {
  if (!module.isAsked) updateModule(module);
  return module.callsites[index] ?? make(module, index);
}

function make(module: Module, index: number): Callsite {
  const { table, cells, callsites, asked, connected } = module;
  const known = asked[index]?.deref();
  const metadata = known ?? metadataAt(table, index);
  // who was asked about an object that is gone may look for this one
  if (asked[index] !== undefined && known === undefined)
    liveDispatchers().forEach((dispatch) => ask(dispatch, metadata));
  const interest = connected ? connected.interestOf(index) : ((cells[index]! >>> 16) as Interest);
  const parentAt = metadata.layout.indexOf("^");
  const probe = connected?.probeOf(index);
  return (callsites[index] = { metadata, interest, probe, parentAt, bound: undefined });
}
