/** Where the bytes of a buffered writer go. */

/** Answers how many bytes it took, from `from` on; 0 if it cannot take any now without waiting. */
export interface WriteBytes {
  (bytes: Uint8Array, from: number): number;
  /** The same up to `to`, for sinks that need no view of just these bytes: where each line is written, it would be a tenth. */
  readonly until?: (bytes: Uint8Array, from: number, to: number) => number;
}

/** Takes chunks of whole lines. What it throws is told, and the bytes are kept and offered again. */
export interface Sink {
  readonly write: WriteBytes;
  /** False if it has no use for bytes any more once it took them: then their memory is used again. Default: true. */
  readonly keeps?: boolean;
  /** Whether bytes that were taken may still be lost with the process, because they wait somewhere else. */
  readonly later?: boolean;
  /** Hands on, at once, what it took and still holds. */
  flush?(): void;
  /** Calls back once it takes bytes again; without it the writer tries again after a while. */
  onReady?(f: () => void): void;
  /** Ends it; resolves once everything that was taken has arrived. */
  close?(): Promise<void> | void;
}

/** True for an error after which nothing will ever be taken again. */
export function isFinal(error: unknown): boolean {
  return /^(EPIPE|EBADF|ERR_STREAM_DESTROYED|ERR_STREAM_WRITE_AFTER_END)$/.test(codeOf(error));
}

/** The code of a system error, or nothing. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : "";
}
