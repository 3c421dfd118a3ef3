/** Checks what a peer writes before it is timed: the same facts in each line, whatever their shape. */
import { deepStrictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { expected } from "./payloads.mjs";

/** Throws at the first line that says something else; answers the mean length of the lines. */
export async function checkLines(program, peer, { payload, content, format }, path) {
  writeFileSync(path, "");
  const { run, flush } = await program(path);
  await run(8);
  await flush();
  const text = readFileSync(path, "utf8");
  const lines = text.trimEnd().split("\n");
  if (lines.length !== 8) throw new Error(`${lines.length} lines instead of 8: ${text.slice(0, 300)}`);
  for (const [i, line] of lines.entries()) {
    if (format === "text") checkText(line, payload, i);
    else deepStrictEqual(facts(peer.read(line), content), wanted(payload, content, i), line);
  }
  return { length: Math.round(text.length / 8) };
}

function wanted(payload, content, i) {
  const place = content === "lean" ? {} : { target: "app::server", file: "src/server.ts", line: 12 };
  const bound = content === "child" ? { request: 7, user: "ada" } : {};
  const message = payload === "error" ? "request failed" : "request completed";
  return { isDated: true, level: "info", message, ...place, fields: expected(payload, i), bound };
}

function facts({ time, level, message, target, file, line, fields, bound }, content) {
  const place = content === "lean" ? {} : { target, file, line };
  const isDated = Math.abs(new Date(time).getTime() - Date.now()) < 60_000;
  if (content !== "lean" && typeof time !== "string") throw new Error(`the time is not ISO 8601: ${time}`);
  const { error, ...rest } = fields;
  if (error && !error.stack) throw new Error("the error has no stack");
  const shown = error === undefined ? rest : { ...rest, error: { message: error.message } };
  return { isDated, level, message, ...place, fields: shown, bound };
}

function checkText(line, payload, i) {
  const values = Object.values(expected(payload, i)).map(String);
  for (const text of ["request completed", ...values]) {
    if (!line.includes(text)) throw new Error(`"${text}" is not in: ${line}`);
  }
  if (!/\d\d:\d\d:\d\d/.test(line)) throw new Error(`no time of day in: ${line}`);
}
