import { json, registry, targets, text, trace } from "dtracing";
import { serve } from "./server.ts";

const output = process.env["LOG_FORMAT"] === "json" ? json() : text();
registry()
  .with(targets(process.env["LOG"] ?? "info,shop=debug"))
  .with(output)
  .init();

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
