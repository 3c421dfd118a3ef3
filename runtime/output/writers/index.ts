/** `dtracing/writers`: buffers, files, streams and routes for lines. */
export type { BufferedWriter, BufferOptions } from "./buffered.ts";
export type { DescriptorOptions, FileOptions, FileSink } from "./descriptor.ts";
export type { RoutedWriter } from "./route.ts";
export type { Sink, WriteBytes } from "./sink.ts";
export type { WritableLike } from "./stream.ts";

export { buffered } from "./buffered.ts";
export { descriptor, file, stderr, stdout } from "./descriptor.ts";
export { tee, withMaxLevel, withMinLevel, writeIf } from "./route.ts";
export { stream } from "./stream.ts";
