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

/** @instrument({ name: "place", target: "shop::orders" }) */
export async function placeOrder(order: string): Promise<Order> {
  const placed = { id: order, cents: await priceOf(order) };
  await insert("orders", placed);
  log.info!({ ...placed }, "placed");
  return placed;
}
