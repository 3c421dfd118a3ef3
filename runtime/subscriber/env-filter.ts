/** Levels by target, span and field value, as Rust's `EnvFilter`: `info,app::db=debug,[request{id=7}]=trace`. */
import type { Dispatch } from "../dispatcher.ts";
import type { Event } from "../event.ts";
import type { Level, LevelFilter } from "../level.ts";
import type { Metadata } from "../metadata.ts";
import type { Directive } from "./env/directive.ts";
import type { FilterError } from "./env/filter-error.ts";
import type { Filter } from "./filter.ts";
import type { Context } from "./layer.ts";
import type { SpanData } from "./span-data.ts";
import { currentSpan } from "../context.ts";
import { messageOf, visitFields } from "../event.ts";
import { Interest } from "../interest.ts";
import { environment } from "../platform.ts";
import { report } from "../report.ts";
import { cares, concerns, declares, needsValue, ownOf } from "./env/concerns.ts";
import { bySpecificity, covers, patternsFor } from "./env/directive.ts";
import { matchesValue } from "./env/match-value.ts";
import { parseFilter } from "./env/parse.ts";
import { printFilter } from "./env/print.ts";
import { tellDoubts } from "./env/tell-doubts.ts";

/** A filter from directives; prints as text that it could be parsed from. */
export interface EnvFilter extends Filter {
  readonly directives: readonly Directive[];
  registerCallsite(metadata: Metadata): Interest;
  maxLevelHint(): LevelFilter;
  /** This filter and more directives; one for the same thing is replaced. */
  with(directives: string): EnvFilter;
  toString(): string;
}

/** Options of an EnvFilter. */
export interface EnvFilterOptions {
  /** What an empty text stands for. Default: `"error"`. */
  readonly default?: string | undefined;
  /** Tells mistakes on stderr, ignores the directives that hold them, and does not throw. Default: false. */
  readonly lossy?: boolean | undefined;
}

/** The filter that a text stands for; throws a FilterError that names the mistake and the column. */
export function envFilter(text = "", { default: fallback = "error", lossy = false }: EnvFilterOptions = {}): EnvFilter {
  const tell = (error: FilterError): void => report(`filter ${error.message}`, `${error.message}; it is ignored`);
  const directives = parseFilter(text, lossy ? tell : undefined);
  return new Directives(directives.length > 0 ? directives : parseFilter(fallback));
}

/** The filter in an environment variable, `DTRACING_LOG` by default. */
export function envFilterFromEnv(variable = "DTRACING_LOG", options?: EnvFilterOptions): EnvFilter {
  return envFilter(environment(variable), options);
}

/** What is known of a callsite, whatever the values are. */
interface Plan {
  /** Of a span: the directives for what happens inside, most specific first. */
  readonly inside: readonly Directive[];
  /** The directives for the callsite itself, most specific first, up to one that needs no value. */
  readonly own: readonly Directive[];
  readonly interest: Interest;
}

type ValueOf = (name: string) => unknown;

class Directives implements EnvFilter {
  readonly directives: readonly Directive[];
  readonly eventEnabled?: (event: Event, context: Context) => boolean;
  readonly keepsEvents = false;
  private readonly sorted: readonly Directive[];
  /** The levels that directives for the inside of spans set. */
  private readonly inner: readonly Directive[];
  private readonly plans: WeakMap<Metadata, Plan> = new WeakMap();
  /** The directives by pattern, most specific first; those with a `*` apart. */
  private readonly byPattern: Map<string | undefined, Directive[]> = new Map();
  private readonly wild: readonly Directive[];
  /** By target, which many callsites have in common: the directives that cover it, most specific first. */
  private readonly covering: Map<string, readonly Directive[]> = new Map();

  constructor(directives: readonly Directive[]) {
    this.directives = directives;
    this.sorted = directives.toSorted(bySpecificity);
    this.inner = this.sorted.filter(cares);
    this.wild = this.sorted.filter(({ target }) => target?.includes("*"));
    for (const one of this.sorted) this.byPattern.set(one.target, [...(this.byPattern.get(one.target) ?? []), one]);
    if (this.sorted.some(({ span, fields }) => span === undefined && fields.length > 0)) {
      this.eventEnabled = (event, context) =>
        this.plan(event.metadata).interest === Interest.ALWAYS || this.decide(event.metadata, context, valuesOf(event));
    }
  }

  onRegisterDispatch(dispatch: Dispatch): void {
    tellDoubts(this.directives, dispatch);
  }

  registerCallsite(metadata: Metadata): Interest {
    return this.plan(metadata).interest;
  }

  registerTarget(target: string, level: Level): Interest | undefined {
    const covering = this.coveringOf(target);
    return covering.some(cares) ? undefined : this.interestOf(covering.slice(0, 1), level, true);
  }

  enabled(metadata: Metadata, context: Context): boolean {
    return this.decide(metadata, context, undefined);
  }

  maxLevelHint(): LevelFilter {
    // a span must exist for its values to be known, whatever its level is
    if (this.sorted.some((one) => needsValue(one))) return 5;
    return this.sorted.reduce<LevelFilter>((max, { level }) => (level > max ? level : max), 0);
  }

  with(text: string): EnvFilter {
    return new Directives(parseFilter(`${this},${text}`));
  }

  toString(): string {
    return printFilter(this.directives);
  }

  /** Where all that may decide say the same, no value matters; the last one needs none, if there is such a one. */
  private interestWith(own: readonly Directive[], metadata: Metadata): Interest {
    const last = own.at(-1);
    const agree = own.every((one) => one.level >= metadata.level);
    return this.interestOf(own, metadata.level, agree && last !== undefined && !needsValue(last, metadata));
  }

  /** What the directives for a callsite, or for all of a target, say together with those for the inside of spans. */
  private interestOf(own: readonly Directive[], level: Level, fixed: boolean): Interest {
    const wanted = own.some((one) => one.level >= level);
    const raised = this.inner.some((one) => one.level >= level);
    if (!wanted) return raised ? Interest.SOMETIMES : Interest.NEVER;
    const lowered = this.inner.some((one) => one.level < level && bySpecificity(one, own.at(-1)!) < 0);
    return fixed && !lowered ? Interest.ALWAYS : Interest.SOMETIMES;
  }

  /** Without values: whether there can be values with which the answer is yes. */
  private decide(metadata: Metadata, context: Context, valueOf: ValueOf | undefined): boolean {
    const { own, inside } = this.plan(metadata);
    if (inside.length > 0) return true;
    const { level } = metadata;
    const around = this.inner.length > 0 ? this.around(context, level) : undefined;
    if (around === true) return true;
    for (const one of own) {
      const values = needsValue(one, metadata);
      if (values && valueOf && !matches(metadata, one, valueOf)) continue;
      const passes = one.level >= level && !(around && around.level < level && bySpecificity(around, one) < 0);
      if (passes || !values || valueOf) return passes;
    }
    return false;
  }

  /** True if an entered span raises the level enough, else the directive of the innermost one that has any. */
  private around(context: Context, level: LevelFilter): true | Directive | undefined {
    let innermost: Directive | undefined;
    const raised = currentSpan(({ id }) => {
      const data = context.span(id!);
      const found = data && this.insideOf(data);
      innermost ??= found;
      return found !== undefined && found.level >= level;
    });
    return raised ? true : innermost;
  }

  private insideOf(span: SpanData): Directive | undefined {
    const { inside } = this.plan(span.metadata);
    return inside.find((one) => matches(span.metadata, one, (name) => span.values.get(name)));
  }

  private plan(metadata: Metadata): Plan {
    let plan = this.plans.get(metadata);
    if (plan === undefined) {
      const covering = this.coveringOf(metadata.target);
      const inside = metadata.kind === "span" ? covering.filter((one) => cares(one) && concerns(one, metadata)) : [];
      const own = ownOf(covering, metadata);
      plan = { inside, own, interest: inside.length > 0 ? Interest.ALWAYS : this.interestWith(own, metadata) };
      this.plans.set(metadata, plan);
    }
    return plan;
  }

  private coveringOf(target: string): readonly Directive[] {
    let covering = this.covering.get(target);
    if (covering === undefined) {
      const named = [...patternsFor(target), undefined].flatMap((pattern) => this.byPattern.get(pattern) ?? []);
      const wild = this.wild.filter((one) => covers(one.target, target));
      covering = wild.length === 0 ? named : this.sorted.filter((one) => named.includes(one) || wild.includes(one));
      this.covering.set(target, covering);
    }
    return covering;
  }
}

function matches(metadata: Metadata, { fields }: Directive, valueOf: ValueOf): boolean {
  return fields.every(
    ({ name, value }) =>
      (value === undefined && declares(metadata, name)) || matchesValue({ metadata }, name, value, valueOf(name)),
  );
}

function valuesOf(event: Event): ValueOf {
  let values: Map<string, unknown> | undefined;
  return (name) => {
    if (values === undefined) {
      const found = (values = new Map<string, unknown>());
      visitFields(event, (name, value) => found.set(name, value));
    }
    return values.has(name) || name !== "message" ? values.get(name) : messageOf(event);
  };
}
