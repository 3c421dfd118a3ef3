/** Writers that choose a writer for each line by its metadata, as Rust's `MakeWriterExt`. */
import type { LevelFilter, LevelName } from "../../level.ts";
import type { Metadata } from "../../metadata.ts";
import type { Take, Writer } from "../writer.ts";
import { parseLevelFilter } from "../../level.ts";
import { targetOf, writerOf } from "../writer.ts";
import { byteLine } from "./byte-line.ts";

/** A writer that takes lines with their metadata. */
export type RoutedWriter = (line: string, metadata: Metadata) => void;

/** Lines for which the answer is yes go to one writer, the others to another or nowhere. */
export function writeIf(wants: (metadata: Metadata) => boolean, writer: Writer, orElse?: Writer): RoutedWriter {
  const { take } = targetOf(writer);
  const other = orElse && targetOf(orElse).take;
  return writerOf({
    line: byteLine,
    take: (line, from, metadata) => (wants(metadata) ? take : other)?.(line, from, metadata),
  });
}

/** This level and the graver ones: `withMaxLevel("warn", stderr, stdout)` parts errors and warnings from the rest. */
export function withMaxLevel(level: LevelFilter | LevelName, writer: Writer, orElse?: Writer): RoutedWriter {
  const most = parseLevelFilter(`${level}`);
  return writeIf((metadata) => metadata.level <= most, writer, orElse);
}

/** This level and the more verbose ones. */
export function withMinLevel(level: LevelFilter | LevelName, writer: Writer, orElse?: Writer): RoutedWriter {
  const least = parseLevelFilter(`${level}`);
  return writeIf((metadata) => metadata.level >= least, writer, orElse);
}

/** Every line to all of them; one that throws does not keep it from the others. */
export function tee(...writers: readonly Writer[]): RoutedWriter {
  const all = writers.map((writer) => targetOf(writer).take);
  const take: Take = (line, from, metadata) => {
    let failure: { readonly error: unknown } | undefined;
    for (const take of all) {
      try {
        take(line, from, metadata);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
  };
  return writerOf({ line: byteLine, take });
}
