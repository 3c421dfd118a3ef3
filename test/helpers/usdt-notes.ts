/** The probes of a file, as readelf reads them. */
import { output } from "./usdt-tools.ts";

export interface Note {
  readonly provider: string;
  readonly name: string;
  readonly location: number;
  readonly semaphore: number;
  readonly arguments: string;
}

export function notesOf(file: string): readonly Note[] {
  const text = output("readelf", "-nW", file);
  const pattern =
    /Provider: (\S+)\s+Name: (\S+)\s+Location: (0x\w+), Base: 0x\w+, Semaphore: (0x\w+)\s+Arguments: ([^\n]*)/g;
  return [...text.matchAll(pattern)].map(([, provider, name, location, semaphore, args]) => ({
    provider: provider!,
    name: name!,
    location: Number(location),
    semaphore: Number(semaphore),
    arguments: args!.trim(),
  }));
}
