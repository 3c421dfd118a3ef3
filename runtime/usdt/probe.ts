/** The probe of one callsite: what stands between the guard and the subscriber while a tracer is attached. */
import type { Callsite } from "../callsite.ts";
import type { Emit } from "../decide.ts";
import type { MakeSpan } from "../make-span.ts";
import type { Metadata } from "../metadata.ts";
import type { Span } from "../span.ts";
import type { Argument } from "./argument.ts";
import type { LoadedFile } from "./loaded-file.ts";
import type { SpanPlace } from "./probed-span.ts";
import { eventOf } from "../decide.ts";
import { spanOf } from "../handle.ts";
import { state } from "../state.ts";
import { Marshal } from "./marshal.ts";
import { follow, idOf, outerSpan, ProbedSpan, quietDispatch } from "./probed-span.ts";
import { callsiteStub, Group, sharedStub } from "./shared.ts";

/** The seam of the runtime: a callsite of a connected module has one. */
export class Probe implements SpanPlace {
  readonly file: LoadedFile;
  readonly cell: number;
  readonly closeStub: number;
  #marshal: Marshal | undefined;
  /** The last answer of `event`: while the tracers and the subscriber stay, it is the same. */
  #last:
    | { readonly own: boolean; readonly all: boolean; readonly emit: Emit | undefined; readonly fire: Emit }
    | undefined;

  constructor(file: LoadedFile, cell: number, closeStub: number) {
    this.file = file;
    this.cell = cell;
    this.closeStub = closeStub;
  }

  /** The function that fires the probe if a tracer is attached, then emits to the subscriber if it decided to. */
  event(callsite: Callsite, emit: Emit | undefined): Emit | undefined {
    const { file, cell } = this;
    if (!file.isTraced(cell)) return emit;
    const { level } = callsite.metadata;
    const own = file.halves[2 * cell] !== 0 || file.wants(Group.LEVEL + level);
    const all = file.wants(Group.EVENT);
    if ((!own && !all) || state.busy) return emit;
    let last = this.#last;
    if (last === undefined || last.own !== own || last.all !== all || last.emit !== emit) {
      const fire: Emit = (...values) => {
        this.#fire(callsite, values, own, all);
        emit?.(...values);
      };
      this.#last = last = { own, all, emit, fire };
    }
    return last.fire;
  }

  /** As `event`: a span that a tracer or the subscriber wants. */
  span(callsite: Callsite, make: MakeSpan | undefined): MakeSpan | undefined {
    if (!this.file.isTraced(this.cell) || state.busy) return make;
    return (...values) => {
      const made = make?.(...values);
      return quietly(() => this.#follow(callsite, values, made)) ?? made!;
    };
  }

  /** How the callsite's values become arguments. */
  marshal(metadata: Metadata): Marshal {
    return (this.#marshal ??= new Marshal(metadata));
  }

  #fire(callsite: Callsite, values: readonly unknown[], own: boolean, all: boolean): void {
    // as `quietly`, without a closure for each event
    if (state.busy) return;
    state.busy = true;
    try {
      const { file, cell } = this;
      const event = eventOf(callsite, values, true);
      const marshal = this.marshal(callsite.metadata);
      const message = marshal.message(event);
      const json = marshal.json(event);
      if (own) {
        const field = (place: number): Argument => marshal.field(event, place);
        file.fire(callsiteStub(cell), message, field(0), field(1), field(2), field(3), json);
      }
      const { level } = callsite.metadata;
      if (all) file.fire(sharedStub("event"), cell, level, idOf(outerSpan(event)), marshal.target, message, json);
    } catch {
      // a value that throws in a way nobody thought of: the program goes on
    } finally {
      state.busy = false;
    }
  }

  #follow(callsite: Callsite, values: readonly unknown[], made: Span | undefined): Span {
    const event = eventOf(callsite, values, true);
    const { dispatch, id } = (made ?? {}) as { dispatch?: Parameters<typeof follow>[0]; id?: number };
    const span = new ProbedSpan(this, event, this.marshal(callsite.metadata), id ?? state.nextSpan++);
    if (dispatch === undefined || id === undefined) return spanOf(quietDispatch(span), undefined!, callsite.metadata);
    follow(dispatch, id, span);
    return made!;
  }
}

/** Runs `f` so that neither what it throws nor what it emits (a `toJSON` that logs) gets anywhere. */
function quietly<R>(f: () => R): R | undefined {
  const outer = state.busy;
  state.busy = true;
  try {
    return f();
  } catch {
    return undefined;
  } finally {
    state.busy = outer;
  }
}
