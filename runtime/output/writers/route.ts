/** Writers that choose a writer for each line by its metadata, as Rust's `MakeWriterExt`. */
import type { LevelFilter, LevelName } from "../../level.ts";
import type { Metadata } from "../../metadata.ts";
import type { Writer } from "../writer.ts";
import { parseLevelFilter } from "../../level.ts";
import { writerOf } from "../writer.ts";

/** A writer that takes lines with their metadata. */
export type RoutedWriter = (line: string, metadata: Metadata) => void;

/** Lines for which the answer is yes go to one writer, the others to another or nowhere. */
export function writeIf(wants: (metadata: Metadata) => boolean, writer: Writer, orElse?: Writer): RoutedWriter {
  const write = writerOf(writer);
  const other = orElse === undefined ? undefined : writerOf(orElse);
  return (line, metadata) => (wants(metadata) ? write : other)?.(line, metadata);
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
  const all = writers.map(writerOf);
  return (line, metadata) => {
    const errors: unknown[] = [];
    for (const write of all) {
      try {
        write(line, metadata);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
}
