import { trace } from "dtracing";
import { insert, select } from "./store.ts";
import { priceOf } from "./price.ts";

const log = trace.with({ target: "shop::orders" });

export interface Order {
  readonly id: string;
  readonly cents: number;
}

export async function orderOf(id: string): Promise<Order | undefined> {
  const order = await select<Order>("orders", id);
  if (order === undefined) log.warn!({ id }, "order {id} does not exist");
  return order;
}

export async function placeOrder(id: string): Promise<Order> {
  using span = log.infoSpan!("place", { order: id });
  return await span.inScope(async () => {
    const cents = await priceOf(id);
    const order = { id, cents };
    await insert("orders", order);
    log.info!({ id, cents }, "placed");
    return order;
  });
}
