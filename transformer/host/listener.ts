import { formatWithFrames, type Diagnostic, type EditedText } from "../index.ts";
import type { RewriteResult } from "./rewrite-file.ts";

/** A message as Rollup and what follows it have them. */
interface Message {
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** Whom a bundler lets us tell: `error` stops the build, at once or later. */
export interface Listener {
  warn(message: Message): void;
  error(message: Message): void;
}

/** Warnings pass; errors stop the build at the first one's place, with every message and its frame. Answers the new text. */
export function tell(listener: Listener, result: RewriteResult | null, code: string, id: string): EditedText | null {
  if (result === null) return null;
  for (const one of result.warnings) listener.warn(messageOf([one], code, id));
  if (result.errors.length > 0) listener.error(messageOf(result.errors, code, id));
  return result.edited;
}

/** The frames are part of the text: webpack shows no other, and Rollup and Vite one at the most. */
function messageOf(diagnostics: readonly Diagnostic[], code: string, id: string): Message {
  const message = formatWithFrames(diagnostics, code);
  const [first] = diagnostics;
  // Bundlers count columns from 0.
  return first === undefined
    ? { message }
    : { message, id, loc: { file: id, line: first.line, column: first.column - 1 } };
}
