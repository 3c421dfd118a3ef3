import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { trace } from "dtracing";
import { orderOf, placeOrder } from "./orders.ts";

const log = trace.with({ target: "shop::http" });

export function serve(): Server {
  return createServer((request, response) => void handle(request, response));
}

/** One span per request; everything that happens inside, also after an await, is part of it. */
async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url = "/" } = request;
  using _span = log.infoSpan!("request", { method, url, id: request.headers["x-request-id"] }).entered();
  log.debug!({ agent: request.headers["user-agent"] }, "received");
  try {
    const { status, body } = await route(method, url);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    log.info!({ status }, "answered");
  } catch (error) {
    log.error!({ error }, "failed");
    response.writeHead(500).end();
  }
}

async function route(method: string, url: string): Promise<{ status: number; body: unknown }> {
  const [, collection, id] = url.split("/");
  if (collection !== "orders" || id === undefined) {
    log.warn!({ url }, "no route for {url}");
    return { status: 404, body: { error: "not found" } };
  }
  if (method === "POST") return { status: 201, body: await placeOrder(id) };
  const order = await orderOf(id);
  return order === undefined ? { status: 404, body: { error: "no such order" } } : { status: 200, body: order };
}
