/** What is doubtful about a filter: directives that nothing matches, and directives for what the build stripped. */
import type { Module } from "../../callsite.ts";
import type { LevelFilter } from "../../level.ts";
import type { Metadata } from "../../metadata.ts";
import type { Catalogue, CataloguedCallsite, StrippedCallsite } from "../../usdt/catalogue.ts";
import { levelName } from "../../level.ts";
import { state } from "../../state.ts";
import { allMetadata } from "../../table.ts";
import { cares, concerns, ownOf, type Subject } from "./concerns.ts";
import { bySpecificity, covers, type Directive } from "./directive.ts";
import { nearest } from "./filter-error.ts";
import { printDirective } from "./print.ts";

/** Something to say about a filter. */
export interface Doubt {
  readonly text: string;
  /** Whether it holds whatever the program loads later. */
  readonly isCertain: boolean;
}

/** The doubts about directives in this process, as far as its modules so far and its build's catalogues tell. */
export function doubtsOf(directives: readonly Directive[], catalogues: readonly Catalogue[]): readonly Doubt[] {
  const registered = registeredCallsites();
  const targets = registeredTargets();
  const current = currentOnes(catalogues);
  const stripped = current.flatMap((catalogue) => catalogue.stripped);
  const built = current.flatMap(({ callsites }) => callsites).map(subjectOf);
  const build = [...built, ...stripped.map(subjectOf)];
  if (build.length + targets.length === 0) return [];
  const sorted = directives.toSorted(bySpecificity);
  return directives.flatMap((directive) => {
    const matches = (subject: Subject): boolean => concerns(directive, subject);
    const isRegistered = (): boolean =>
      cares(directive) ? registered().some(matches) : targets.some((target) => covers(directive.target, target));
    if (!build.some(matches) && !isRegistered()) {
      const general = directives.find((one) => one.target === undefined && !cares(one))?.level ?? 0;
      const doubt = noMatch(directive, build, registered());
      // what makes less verbose is often for libraries that are not always there, and nobody misses its lines
      return doubt.isCertain || directive.level > general ? doubt : [];
    }
    if (stripped.length === 0) return [];
    const text = strippedText(directive, sorted, [...registered(), ...built], stripped);
    return text === undefined ? [] : { text, isCertain: true };
  });
}

function registeredModules(): readonly Module[] {
  return [...state.modules.values()].flatMap((weak) => weak.deref() ?? []);
}

function registeredTargets(): readonly string[] {
  return registeredModules().flatMap(({ table: [, , target, codes, , , targets] }) => {
    const others = Object.values(targets ?? {});
    return others.length < codes.length ? [target, ...others] : others;
  });
}

/** Made when they are asked for: most questions are about targets. */
function registeredCallsites(): () => readonly Metadata[] {
  let all: readonly Metadata[] | undefined;
  return () => (all ??= registeredModules().flatMap(({ table }) => allMetadata(table)));
}

/** Those of which no module shows that they are of another build: the same file with another hash. */
function currentOnes(catalogues: readonly Catalogue[]): readonly Catalogue[] {
  const keys = state.modules;
  const files = new Set([...keys.keys()].map((key) => key.slice(0, key.lastIndexOf("\n"))));
  return catalogues.filter(({ modules }) =>
    modules.every(
      ({ target, file, hash }) => !files.has(`${target}\n${file}`) || keys.has(`${target}\n${file}\n${hash}`),
    ),
  );
}

function subjectOf({ kind, name, target, message, fields, open }: CataloguedCallsite | StrippedCallsite): Subject {
  const layout = [...fields.map((field) => field.name), ...(open ? ["..."] : [])];
  // the message of an event may be one that is not static
  return { kind, name, target, layout, message: message ?? (kind === "event" ? "" : undefined) };
}

/**
 * Certain where the target is of one of the build's packages, or nearly a name that the build has. Else it may be the
 * target of a library or a bridge, which are known when they are loaded or log something.
 */
function noMatch(directive: Directive, build: readonly Subject[], registered: readonly Subject[]): Doubt {
  const near = nearName(directive, build);
  const isOwn = build.some(({ target }) => target.split("::")[0] === directive.target?.split("::")[0]);
  const isCertain = isOwn || (near !== undefined && !near.isPart);
  const meant = near ?? nearName(directive, registered);
  const where = isCertain ? "of this build" : "so far";
  const hint = meant === undefined ? "" : `, did you mean "${meant.name}"?`;
  return { text: `no callsite ${where} matches ${printDirective(directive)}${hint}`, isCertain };
}

const levels = ["off", "error", "warn", "info", "debug", "trace"];

/** A known name, perhaps for a part of it: `db` for `app::db`. */
interface Near {
  readonly name: string;
  readonly isPart: boolean;
}

/** The known name that the unknown one in a directive is near to: of its target, else of its span, else of a field. */
function nearName(directive: Directive, known: readonly Subject[]): Near | undefined {
  const { target, span, fields } = directive;
  if (target !== undefined && !known.some((one) => covers(target, one.target))) {
    const targets = new Set(known.flatMap((one) => ancestors(one.target)));
    // `dbug` alone is a target, but a level may have been meant
    return nearTarget(target, targets) ?? (cares(directive) ? undefined : whole(nearest(target, levels)));
  }
  const spans = known.flatMap(({ kind, name }) => (kind === "span" ? name : []));
  if (span !== undefined && !spans.includes(span)) return whole(nearest(span, spans));
  const names = known.flatMap(({ layout }) => layout);
  const missing = fields.find(({ name }) => !names.includes(name));
  return missing && whole(nearest(missing.name, names));
}

function whole(name: string | undefined): Near | undefined {
  return name === undefined ? undefined : { name, isPart: false };
}

/** The target, whole ones first, of which the last segments are each near to those given. */
function nearTarget(target: string, targets: ReadonlySet<string>): Near | undefined {
  const words = target.split("::");
  const found = [...targets].filter((candidate) => {
    const last = candidate.split("::").slice(-words.length);
    return last.length === words.length && words.every((word, i) => nearest(word, [last[i]!]) !== undefined);
  });
  const isPart = (name: string): boolean => name.split("::").length > words.length;
  const name = found.find((one) => !isPart(one)) ?? found[0];
  return name === undefined ? undefined : { name, isPart: isPart(name) };
}

/** `a::b::c`, `a::b` and `a`. */
function ancestors(target: string): readonly string[] {
  const parts = target.split("::");
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("::"));
}

/** What is not in the build although the directive asks for it; `undefined` if nothing. */
function strippedText(
  directive: Directive,
  sorted: readonly Directive[],
  built: readonly Subject[],
  stripped: readonly StrippedCallsite[],
): string | undefined {
  const { target, span, level } = directive;
  const name = printDirective(directive);
  if (span !== undefined) {
    const isGone = !built.some((subject) => concerns(directive, subject));
    const spans = stripped.filter((one) => concerns(directive, subjectOf(one)));
    if (isGone) return `directive ${name} is for the inside of spans, but ${lost(spans, "")}`;
    const inside = stripped.filter((one) => one.level <= level);
    if (inside.length === 0) return undefined;
    return `directive ${name} asks for ${levelName(level)} inside of spans, but wherever they ran ${lost(inside, "")}`;
  }
  const asked = stripped.filter((one) => one.level <= level && ownOf(sorted, subjectOf(one)).includes(directive));
  if (asked.length === 0) return undefined;
  const of = target === undefined ? "" : ` of target ${target}`;
  return `directive ${name} asks for ${levelName(level)}, but ${lost(asked, of)}`;
}

function lost(stripped: readonly StrippedCallsite[], of: string): string {
  const places = [...new Set(stripped.map(({ file, line }) => `${file}:${line}`))];
  const shown =
    places.length > 5 ? `${places.slice(0, 5).join(", ")} and ${places.length - 5} more` : places.join(", ");
  const levels = [...new Set(stripped.map(({ staticMax }) => staticMax))].toSorted();
  const max = levels.map((level: LevelFilter) => levelName(level).toLowerCase()).join(" or ");
  const count = places.length === 1 ? "1 callsite" : `${places.length} callsites`;
  return `${count}${of} above the static max level ${max} ${places.length === 1 ? "was" : "were"} stripped from this build: ${shown}; raise maxLevel in the plugin's options and build again`;
}
