/** From a catalogue to the bytes of its probe file. */
import type { Architecture, Nop } from "./architecture.ts";
import type { Catalogue, CataloguedCallsite } from "./catalogue.ts";
import type { Place } from "./elf.ts";
import { writeElf } from "./elf.ts";
import { closeSuffix } from "./probe-name.ts";
import { Group, keyOf, levelProbe, shared } from "./shared.ts";

/** What the running program reads in its probe file. */
export interface Index {
  readonly version: 1;
  readonly provider: string;
  /** How many cells there are. */
  readonly cells: number;
  /** One digit for each cell: the level of an event, 6 for a span, 0 for what has no probe. */
  readonly kinds: string;
  /** `first` is a cell, `close` the stub of the first span's end. */
  readonly modules: readonly (readonly [key: string, first: number, count: number, close: number])[];
}

const kindOf = ({ kind, level }: CataloguedCallsite): number => (kind === "event" ? level : kind === "span" ? 6 : 0);
const pointer = false;
const number = true;
const eventArguments = [pointer, number, number, number, number, pointer];
const sharedArguments: Readonly<Record<(typeof shared)[number], readonly boolean[]>> = {
  event: [number, number, number, pointer, pointer, pointer],
  new_span: [number, number, pointer, pointer, number, pointer],
  enter: [number, pointer],
  exit: [number, pointer],
  close: [number, pointer, number, number],
  record: [number, pointer, pointer],
};
const newSpanArguments = [number, number, number, number, number, pointer];

/** The bytes of `<name>.probes.<architecture>.node`. */
export function writeProbeFile(catalogue: Catalogue, architecture: Architecture, nop: Nop = "nop10"): Uint8Array {
  const { callsites, modules, provider } = catalogue;
  const cells = callsites.length;
  const places: Place[] = shared.map((name) => ({
    symbol: name,
    probes: [{ name, word: cells + (name === "event" ? Group.EVENT : Group.SPAN), signed: sharedArguments[name] }],
  }));
  for (const level of [1, 2, 3, 4, 5] as const) {
    const used = callsites.some(({ kind, level: own }) => kind === "event" && own === level);
    const name = levelProbe(level);
    places.push({
      symbol: name,
      probes: used ? [{ name, word: cells + Group.LEVEL + level, signed: eventArguments }] : [],
    });
  }
  for (const callsite of callsites) places.push(placeOf(callsite));
  const firstClose = places.length;
  const closes: number[] = [];
  for (const { id, kind, probe, ...rest } of callsites) {
    closes.push(places.length);
    if (kind !== "span" || probe === undefined) continue;
    const close = { name: probe + closeSuffix, word: id, signed: sharedArguments.close };
    places.push({ symbol: symbolOf(rest), probes: [close] });
  }
  const index: Index = {
    version: 1,
    provider,
    cells,
    kinds: callsites.map(kindOf).join(""),
    modules: modules.map(({ target, file, hash, first, count }) => [
      keyOf(file, hash, target),
      first,
      count,
      closes[first] ?? firstClose,
    ]),
  };
  const words = cells + Group.COUNT;
  return writeElf({ architecture, nop, provider, places, words, index: JSON.stringify(index) });
}

function placeOf(callsite: CataloguedCallsite): Place {
  const { id: word, kind, probe, level } = callsite;
  const symbol = symbolOf(callsite);
  if (probe === undefined) return { symbol, probes: [] };
  if (kind === "span") return { symbol, probes: [{ name: probe, word, signed: newSpanArguments }] };
  const own = { name: probe, word, signed: eventArguments };
  return { symbol, probes: [own, { ...own, name: levelProbe(level) }] };
}

function symbolOf({ function: fn, file }: Pick<CataloguedCallsite, "function" | "file">): string {
  return fn ?? file;
}
