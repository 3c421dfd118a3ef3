/** The macros where no build has replaced them: ordinary functions with the same output, only slower. */
import type { Callsite, Module } from "./callsite.ts";
import type { Level } from "./level.ts";
import type { EventMacro, LevelLike, SpanMacro, Trace, TraceOptions } from "./macro.ts";
import type { Metadata } from "./metadata.ts";
import type { Span } from "./span.ts";
import { callerOf, placeOfFrame, targetOfFrame } from "./caller.ts";
import { callsiteAt } from "./callsite.ts";
import { register } from "./module.ts";
import { checkLevel } from "./check-level.ts";
import { enabledAt, eventAt } from "./decide.ts";
import { spanAt } from "./make-span.ts";
import { substitute } from "./event.ts";
import { isError, isSet } from "./field.ts";
import { options as optionsKey } from "./parent.ts";
import { none } from "./handle.ts";
import { state } from "./state.ts";
import { textOfRows } from "./table.ts";
import { warnUntransformed } from "./untransformed.ts";
import { thrown } from "./value.ts";

/** The macros. With the build plugin, calls through this name become static callsites. */
export const trace: Trace = /*#__PURE__*/ facade({});

function facade(options: TraceOptions): Trace {
  const event = (level: Level): EventMacro => {
    const macro = (a: unknown, b?: unknown): void => emit(macro, level, options, a, b);
    return macro;
  };
  const span = (level: Level): SpanMacro => {
    const macro: SpanMacro = (name, fields) => makeSpan(macro, level, options, name, fields);
    return macro;
  };
  const enabled = (level: LevelLike): boolean => {
    const checked = levelOf(enabled, level);
    const found = checked && callsite(enabled, "enabled", checked, options, []);
    return found !== undefined && enabledAt(found);
  };
  const dynamicEvent = (level: LevelLike, a: unknown, b?: unknown): void => {
    const checked = levelOf(dynamicEvent, level);
    if (checked) emit(dynamicEvent, checked, options, a, b);
  };
  const dynamicSpan = <F extends object>(level: LevelLike, name: string, fields?: F): Span<keyof F & string> => {
    const checked = levelOf(dynamicSpan, level);
    return checked ? makeSpan(dynamicSpan, checked, options, name, fields) : none;
  };
  const instrument = (): void => warnUntransformed(callerOf(instrument));
  return {
    trace: event(5),
    debug: event(4),
    info: event(3),
    warn: event(2),
    error: event(1),
    event: dynamicEvent,
    traceSpan: span(5),
    debugSpan: span(4),
    infoSpan: span(3),
    warnSpan: span(2),
    errorSpan: span(1),
    span: dynamicSpan,
    enabled,
    eventEnabled: enabled,
    spanEnabled: enabled,
    instrument,
    with: (more) => facade({ ...options, ...more }),
    [optionsKey]: options,
  };
}

function emit(macro: unknown, level: Level, options: TraceOptions, a: unknown, b: unknown): void {
  if (level > state.maxLevel || state.busy) return;
  const [fields, message] = typeof a === "object" && a !== null ? [a, b] : [b, a];
  const names = namesOf(fields, message !== undefined);
  const found = callsite(macro, "event", level, options, message === undefined ? names : ["message", ...names]);
  const send = found && eventAt(found);
  if (!send) return;
  const values = valuesOf(found, names, fields);
  send(options.parent, ...(message === undefined ? [] : [fill(found, message, names, values)]), ...values);
}

function makeSpan<F>(
  macro: unknown,
  level: Level,
  options: TraceOptions,
  name: string,
  fields: F,
): Span<keyof F & string> {
  if (level > state.maxLevel || state.busy) return none;
  const names = namesOf(fields, false);
  const found = callsite(macro, "span", level, options, names, String(name));
  const make = found && spanAt(found);
  return make ? make(options.parent, ...valuesOf(found, names, fields)) : none;
}

/** The callsites of untransformed calls, by place and by what the build would have made a different row. */
let callsites = new Map<string, Module>();
/** Names computed at run time could make one place many callsites; then the cache starts anew. */
const limit = 10_000;

function callsite(
  macro: unknown,
  kind: Metadata["kind"],
  level: Level,
  { target, name }: TraceOptions,
  names: readonly string[],
  text?: string,
): Callsite | undefined {
  if (level > state.maxLevel || state.busy) return undefined;
  const frame = callerOf(macro);
  warnUntransformed(frame);
  const key = JSON.stringify([frame, kind, level, target, name, text, names]);
  let module = callsites.get(key);
  if (module === undefined) {
    const file = placeOfFrame(frame).replace(/(:\d+){1,2}$/, "");
    const own = target ?? targetOfFrame(frame);
    module = register([file, key, own, ...textOfRows([[kind, level, null, null, ["^", ...names], text, name]]), 0]);
    if (callsites.size >= limit) callsites = new Map();
    callsites.set(key, module);
  }
  return callsiteAt(module, 0);
}

/** The fields that the build would find in the literal; `...` for what is none or has names of ours. */
function namesOf(fields: unknown, hasMessage: boolean): readonly string[] {
  if (fields === undefined || fields === null) return [];
  try {
    if (typeof fields !== "object" || isError(fields)) return ["..."];
    const names = Object.keys(fields);
    return names.some((name) => name === "^" || name === "..." || (name === "message" && hasMessage)) ? ["..."] : names;
  } catch {
    return ["..."];
  }
}

function valuesOf(place: Callsite, names: readonly string[], fields: unknown): unknown[] {
  return names.map((name) => {
    if (name === "...") return fields;
    try {
      return (fields as Record<string, unknown>)[name];
    } catch (error) {
      return thrown(place, name, error);
    }
  });
}

/**
 * The message with its placeholders filled. Whether a string was written in the source is not known here, so one
 * without a placeholder that a field answers is left alone, doubled braces included.
 */
function fill(place: Callsite, message: unknown, names: readonly string[], values: readonly unknown[]): unknown {
  if (typeof message !== "string") return message;
  const valueOf = (name: string): unknown => values[names.indexOf(name)];
  const used = names.some((name, i) => isSet(values[i]) && message.includes(`{${name}}`));
  return used ? substitute(message, valueOf, place) : message;
}

function levelOf(macro: unknown, level: unknown): Level | undefined {
  if (state.maxLevel === 0 || state.busy) return undefined;
  return typeof level === "number" && level >= 1 && level <= 5 && Number.isInteger(level)
    ? (level as Level)
    : checkLevel(level, placeOfFrame(callerOf(macro)));
}
