/** The probe of one callsite: what stands between the guard and the subscriber while a tracer is attached. */
import type { Callsite } from "../callsite.ts";
import type { Emit, MakeSpan } from "../decide.ts";
import type { Span } from "../span.ts";
import type { LoadedFile } from "./loaded-file.ts";
import type { SpanPlace } from "./probed-span.ts";
import { eventOf } from "../decide.ts";
import { messageOf } from "../event.ts";
import { spanOf } from "../handle.ts";
import { state } from "../state.ts";
import { fieldArguments, fieldsJson, textOf } from "./argument.ts";
import { follow, idOf, outerSpan, ProbedSpan, quietDispatch } from "./probed-span.ts";
import { callsiteStub, eventFields, Group, sharedStub } from "./shared.ts";

/** The seam of the runtime: a callsite of a connected module has one. */
export class Probe implements SpanPlace {
  readonly file: LoadedFile;
  readonly cell: number;
  readonly closeStub: number;

  constructor(file: LoadedFile, cell: number, closeStub: number) {
    this.file = file;
    this.cell = cell;
    this.closeStub = closeStub;
  }

  /** Writes a subscriber's interest into the cell. */
  publish(interest: number): void {
    this.file.publish(this.cell, interest);
  }

  /** The function that fires the probe if a tracer is attached, then emits to the subscriber if it decided to. */
  event(callsite: Callsite, emit: Emit | undefined): Emit | undefined {
    const { file, cell } = this;
    const { level } = callsite.metadata;
    const own = file.halves[2 * cell] !== 0 || file.wants(Group.LEVEL + level);
    const all = file.wants(Group.EVENT);
    if ((!own && !all) || state.busy) return emit;
    return (...values) => {
      this.#fire(callsite, values, own, all);
      emit?.(...values);
    };
  }

  /** As `event`: a span that a tracer or the subscriber wants. */
  span(callsite: Callsite, make: MakeSpan | undefined): MakeSpan | undefined {
    const { file, cell } = this;
    if ((file.halves[2 * cell] === 0 && !file.wants(Group.SPAN)) || state.busy) return make;
    return (...values) => {
      const made = make?.(...values);
      return quietly(() => this.#follow(callsite, values, made)) ?? made!;
    };
  }

  #fire(callsite: Callsite, values: readonly unknown[], own: boolean, all: boolean): void {
    quietly(() => {
      const { file, cell } = this;
      const event = eventOf(callsite, values, true);
      const message = textOf(messageOf(event) ?? "");
      const json = fieldsJson(event);
      if (own) file.fire(callsiteStub(cell), message, ...fieldArguments(event, eventFields), json);
      const { level, target } = callsite.metadata;
      if (all) file.fire(sharedStub("event"), cell, level, idOf(outerSpan(event)), textOf(target), message, json);
    });
  }

  #follow(callsite: Callsite, values: readonly unknown[], made: Span | undefined): Span {
    const event = eventOf(callsite, values, true);
    const { dispatch, id } = (made ?? {}) as { dispatch?: Parameters<typeof follow>[0]; id?: number };
    const span = new ProbedSpan(this, event, id ?? state.nextSpan++);
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
