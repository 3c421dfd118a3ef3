/** `dtracing/bridge`: lets code that logs in other ways join in. */
export type { ChannelOptions } from "./channel.ts";
export type { DebugModule } from "./debug.ts";
export type { Emitter } from "./emitter.ts";
export type { LoggerLike } from "./pino.ts";
export type { PinoLike } from "./fastify.ts";

export { bridgeChannel } from "./channel.ts";
export { bridgeConsole } from "./console.ts";
export { bridgeDebug } from "./debug.ts";
export { emitter } from "./emitter.ts";
export { pinoLike } from "./fastify.ts";
export { fromPino, toPino } from "./pino.ts";
