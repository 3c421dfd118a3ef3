/** Sources whose every call is stripped. `⟦call⟧` is what goes, `⟦call|value⟧` what a value is left of. */
import type { Options } from "../../transformer/index.ts";

export interface StripSource {
  readonly marked: string;
  readonly file?: string;
  readonly options?: Options;
}

export const sources: Readonly<Record<string, StripSource>> = {
  "a service": {
    marked: `import { createServer, type IncomingMessage } from "node:http";
⟦import { trace, Level } from "dtracing";⟧
import { find } from "./users.ts";

⟦const log = trace.with({ target: "http" });⟧
const port = Number(process.env.PORT ?? 8080);

async function handle(request: IncomingMessage): Promise<{ status: number; body: string }> {
  ⟦using _request = log.infoSpan!("request", { method: request.method, url: request.url }).entered();⟧
  ⟦log.debug!({ headers: request.headers }, "headers");⟧
  try {
    const user = await find(request.url ?? "");
    ⟦log.info!(\`found \${user.name}\`, {
      id: user.id,
      name: user.name,
    });⟧
    return { status: 200, body: JSON.stringify(user) };
  } catch (error) {
    ⟦trace.event!(Level.INFO, { error: String(error) }, "not found");⟧
    return { status: 404, body: "" };
  } finally {
    ⟦trace.trace!("done");⟧
  }
}

export class Server {
  #served = 0;
  constructor(private readonly host: string) {
    ⟦trace.info!({ host }, "made");⟧
  }
  listen(): void {
    createServer((request, response) => {
      this.#served++;
      ⟦trace.debug!({ served: this.#served }, "serving {served}");⟧
      void handle(request).then(({ status, body }) => response.writeHead(status).end(body));
    }).listen(port, this.host, () => ⟦trace.info!({ port }, "listening")|void 0⟧);
  }
}
`,
  },
  "the style without semicolons": {
    marked: `⟦import { trace } from 'dtracing'
⟧import { read } from './read.ts'
⟦const log = trace.with({ target: 'parser' })
⟧let depth = 0
⟦log.debug!({ depth }, 'start')
⟧;[1, 2, 3].forEach((x) => (depth += x))
⟦log.debug!('between')
⟧;(() => depth++)()
export const parse = (text: string) => {
  ⟦log.debug!({ text })
  ⟧const parts = text.split(',')
  ⟦log.trace!({ parts })
  log.trace!('twice')
  ⟧;\`\${parts}\`.trim()
  return read(parts)
  ⟦log.debug!('never')⟧
}
⟦log.info!('end')⟧`,
  },
  "embedded places": {
    marked: `⟦import { trace } from "dtracing";⟧
export function run(n: number): number {
  if (n > 1) ⟦trace.debug!("if")⟧;
  if (n > 2) ⟦trace.debug!("if")⟧;
  else ⟦trace.debug!("else")⟧;
  if (n > 3) n++;
  else ⟦trace.debug!("else")⟧;
  for (let i = n; i < 3; i++) ⟦trace.debug!({ i }, "for")⟧;
  for (const x of [n]) ⟦trace.debug!({ x })⟧;
  while (n++ < 3) ⟦trace.debug!("while")⟧;
  do ⟦trace.debug!("do")⟧;
  while (n++ < 5);
  switch (n) {
    case 1:
      ⟦trace.debug!("case");⟧
    case 2:
      n += 2;
      ⟦trace.debug!("after");⟧
      break;
    default:
      ⟦trace.debug!("default");⟧
  }
  {
    ⟦trace.debug!("block");⟧
  }
  return n;
}
`,
  },
  "places of values": {
    marked: `⟦import { trace, Level } from "dtracing";⟧
export const arrow = (x: number) => ⟦trace.info!({ x })|void 0⟧;
export const chosen = (x: number) => (x ? ⟦trace.info!({ x })|void 0⟧ : x);
export const both = (x: number) => (⟦trace.info!({ x })|void 0⟧, x + 1);
export const after = (x: number) => x && ⟦trace.info!({ x })|void 0⟧;
export const list = [1, ⟦trace.info!("element")|void 0⟧, 2];
export const object = { a: ⟦trace.info!("property")|void 0⟧ };
export async function later(x: number): Promise<number> {
  await ⟦trace.info!({ x })|void 0⟧;
  if (⟦trace.enabled!(Level.DEBUG)|false⟧) console.log("costly");
  if (x > 1 && !⟦trace.eventEnabled!("info")|false⟧) return 1;
  return ⟦trace.spanEnabled!(Level.INFO)|false⟧ ? x : x + 2;
}
`,
  },
  "spans by using": {
    marked: `⟦import { trace } from "dtracing";
⟧import { query, type Row } from "./db.ts";
export async function rows(table: string): Promise<readonly Row[]> {
  ⟦using _outer = trace.infoSpan!("rows", { table }).entered();⟧
  const found: Row[] = [];
  for (const part of await query(table)) {
    ⟦using _part = trace.debugSpan!("part", { size: part.length }).entered();⟧
    ⟦const unused = trace.debugSpan!("unused");⟧
    found.push(...part);
    ⟦trace.debugSpan!("statement");⟧
  }
  ⟦{ using _last = trace.with({ target: "last" }).traceSpan!("last").entered(); }|{}⟧
  return found;
}
`,
  },
  "aliases of every kind": {
    marked: `⟦import * as dt from "dtracing";⟧
⟦const { trace, Level } = dt;⟧
⟦const log = trace.with({ target: "a" });⟧
⟦const inner = log.with({ name: "b" });⟧
⟦const again = inner;⟧
export function run(x: number) {
  ⟦const local = log.with({ target: "local" });⟧
  ⟦again.info!({ x });⟧
  ⟦local.debug!({ x });⟧
  ⟦dt.trace.info!("namespace");⟧
  ⟦log.event!(Level.INFO, "level");⟧
  return x;
}
`,
  },
  "an import of types too": {
    marked: `⟦import { trace, type Trace } from "dtracing";
⟧⟦type Given = Trace;
⟧⟦trace.info!("gone");
⟧export const x: number = 1;
`,
  },
  "a React component": {
    file: "a.tsx",
    marked: `"use client";
import { useState } from "react";
⟦import { trace } from "dtracing";⟧
export function Counter({ title }: { title: string }) {
  const [count, setCount] = useState(0);
  ⟦trace.debug!({ title, count }, "drawn");⟧
  return (
    <button title={title} onClick={() => { ⟦trace.info!("clicked");⟧ setCount(count + 1); }}>
      {count}
    </button>
  );
}
`,
  },
  CommonJS: {
    file: "a.cjs",
    marked: `"use strict";
⟦const { trace, Level } = require("dtracing");⟧
const { join } = require("node:path");
⟦const log = trace.with({ target: "legacy" });⟧
exports.run = function run(name) {
  ⟦log.info({ name }, "run");⟧
  ⟦log.event(Level.INFO, "level");⟧
  return join(name, "x");
};
`,
  },
  "levels of targets": {
    options: { maxLevel: "trace", targets: { db: "off", a: "off" } },
    marked: `⟦import { trace } from "dtracing";⟧
⟦const log = trace.with({ target: "db::pool" });⟧
export const run = (x: number) => {
  ⟦log.error!({ x }, "even errors");⟧
  ⟦trace.with({ target: "db" }).warn!("chained");⟧
  return x;
};
`,
  },
  "dynamic levels, all off": {
    options: { maxLevel: "off" },
    marked: `⟦import { trace, type LevelName } from "dtracing";
⟧type Name = string;
export const run = (level: Name) => {
  ⟦trace.event!(level as LevelName, { level });⟧
  ⟦trace.error!("even errors");⟧
  ⟦using _s = trace.span!(level as LevelName, "span").entered();⟧
  return level;
};
`,
  },
};
