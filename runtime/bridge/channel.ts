/** Node's diagnostics_channel: what libraries publish becomes events. */
import type { Level } from "../level.ts";
import { builtin } from "../platform.ts";
import { emitter } from "./emitter.ts";

type Listener = (message: unknown, name: string | symbol) => void;
interface Channels {
  subscribe(name: string, f: Listener): void;
  unsubscribe(name: string, f: Listener): void;
}

/** Options of a bridged channel. */
export interface ChannelOptions {
  /** Default: DEBUG. */
  readonly level?: Level | undefined;
  /** Default: the channel's name. */
  readonly target?: string | undefined;
  /** The fields of an event. Default: the published message, if it is an object. */
  readonly fields?: ((message: unknown) => object | undefined) | undefined;
}

/** An event for each message of a channel; the answer ends it. Without an object in it the message is text. */
export function bridgeChannel(
  name: string,
  { level = 4, target = name, fields = asFields }: ChannelOptions = {},
): () => void {
  const channels = builtin<Channels>("diagnostics_channel");
  if (channels === undefined) return () => {};
  const emit = emitter(target);
  const listener: Listener = (message) => {
    const open = fields(message);
    emit(level, open === undefined ? String(message) : name, open);
  };
  channels.subscribe(name, listener);
  return () => channels.unsubscribe(name, listener);
}

function asFields(message: unknown): object | undefined {
  return typeof message === "object" && message !== null ? message : undefined;
}
