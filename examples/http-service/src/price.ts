import { setTimeout as sleep } from "node:timers/promises";
import { trace } from "dtracing";

const log = trace.with({ target: "shop::price" });

/** Stands for another service: answers late, and not always. */
export async function priceOf(id: string): Promise<number> {
  log.debug!({ id }, `asking for the price of ${id}`);
  await sleep(Math.random() * 20);
  if (id.endsWith("x")) throw new Error(`no price for ${id}`, { cause: new Error("unknown article") });
  const cents = 100 * id.length;
  log.debug!({ id, cents }, "got a price");
  return cents;
}
