import { setTimeout as sleep } from "node:timers/promises";
import { Empty, trace } from "dtracing";

const log = trace.with({ target: "shop::store" });
const tables = new Map<string, Map<string, { readonly id: string }>>();

function table(name: string): Map<string, { readonly id: string }> {
  const found = tables.get(name) ?? new Map<string, { readonly id: string }>();
  tables.set(name, found);
  return found;
}

export async function select<Row extends { readonly id: string }>(name: string, id: string): Promise<Row | undefined> {
  using span = log.debugSpan!("select", { table: name, rows: Empty }).entered();
  await sleep(Math.random() * 10);
  const row = table(name).get(id) as Row | undefined;
  span.record("rows", row === undefined ? 0 : 1);
  log.debug!({ id }, "selected");
  return row;
}

export async function insert(name: string, row: { readonly id: string }): Promise<void> {
  using _span = log.debugSpan!("insert", { table: name }).entered();
  await sleep(Math.random() * 10);
  table(name).set(row.id, row);
  log.debug!({ id: row.id }, "inserted");
}
