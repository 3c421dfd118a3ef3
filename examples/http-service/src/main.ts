import { json, registry, text, trace } from "dtracing";
import { liveFilter } from "dtracing/control";
import { serve } from "./server.ts";

const output = process.env["LOG_FORMAT"] === "json" ? json() : text();
const live = liveFilter(process.env["LOG"] ?? "info,shop=debug", {
  file: process.env["LOG_FILE"],
  signal: process.env["LOG_SIGNAL"],
  socket: process.env["LOG_SOCKET"] === "1",
});
registry().with(live.filter).with(output).init();

const server = serve();
server.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  trace.info!({ port }, "listening");
  process.send?.({ port });
});

process.once("SIGTERM", () => {
  trace.warn!("stopping");
  server.close(() => process.exit());
  server.closeAllConnections();
});
