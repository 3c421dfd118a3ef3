/** `dtracing tail`: what a process does, as lines, without a restart and whatever its log level is. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { levelName } from "../runtime/level.ts";
import { Failure } from "./failure.ts";
import { probeFiles, type ProbeFile } from "./probe-files.ts";

export const help = `dtracing tail --pid <pid> [--level <level>] [--spans]

Attaches bpftrace (which needs root) to a running process and prints its events as if the program logged them: every
level, no restart. Ctrl-C detaches. Spans that began before it attached are not shown in front of their events.
  --level  error, warn, info, debug or trace (the default)
  --spans  also a line when a span ends, with its busy and total time`;

/** Between the parts of a record; nothing that a program prints has it. */
const separator = "\u001f";

export async function tail(given: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...given],
    options: {
      pid: { type: "string", short: "p" },
      level: { type: "string", default: "trace" },
      spans: { type: "boolean", default: false },
    },
  });
  const { pid = "", level } = values;
  if (!/^\d+$/.test(pid)) throw new Failure("give the id of a process: --pid 1234");
  const max = ["error", "warn", "info", "debug", "trace"].indexOf(level.toLowerCase()) + 1;
  if (max === 0) throw new Failure(`unknown level "${level}"; use error, warn, info, debug or trace`);
  await follow(pid, script(probeFiles(pid), max), values.spans);
}

function script(files: readonly ProbeFile[], max: number): string {
  const places = (probe: string): string =>
    files.map(({ path, catalogue }) => `usdt:${path}:${catalogue.provider}:${probe}`).join(", ");
  // one string for each printf: on the 512 bytes of a BPF stack there is room for no more
  const text = (argument: string, end: string): string => `printf("%s${end}", str(${argument}));`;
  const numbers = (kind: string, ...given: readonly string[]): string =>
    `printf("${kind}${given.map(() => `${separator}%ld`).join("")}${separator}", ${given.join(", ")});`;
  return `BEGIN { printf("attached\\n"); }
${places("event")} /arg1 <= ${max}/ { ${numbers("event", "arg1", "arg2")} ${text("arg3", separator)} ${text("arg4", separator)} ${text("arg5", "\u001e\\n")} }
${places("new_span")} { ${numbers("span", "arg0", "arg1")} ${text("arg2", separator)} ${text("arg5", "\u001e\\n")} }
${places("record")} { ${numbers("record", "arg0")} ${text("arg2", "\u001e\\n")} }
${places("close")} { ${numbers("close", "arg0", "arg2", "arg3")} ${text("arg1", "\u001e\\n")} }
`;
}

interface SpanSeen {
  readonly name: string;
  readonly parent: string;
  fields: string;
}

async function follow(pid: string, source: string, withEnds: boolean): Promise<void> {
  const child = spawn("bpftrace", ["-p", pid, "-e", source], {
    env: { ...process.env, BPFTRACE_STRLEN: "200", BPFTRACE_MAX_STRLEN: "1024" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const stop = (): void => void child.kill("SIGINT");
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const spans = new Map<string, SpanSeen>();
  let record = "";
  let attached = false;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => reject(new Failure(`bpftrace cannot be run: ${error.message}; install it`)));
    child.on("close", resolve);
  });
  createInterface({ input: child.stdout, crlfDelay: Infinity }).on("line", (line) => {
    if (line === "attached" && !attached) {
      attached = true;
      console.error(`attached to ${pid}`);
    } else if (attached) {
      record += record === "" ? line : `\n${line}`;
      if (!record.endsWith("\u001e")) return;
      const shown = lineOf(record.slice(0, -1).split(separator), spans, withEnds);
      record = "";
      if (shown !== undefined) console.log(shown);
    }
  });
  await ended;
  if (!attached) throw new Failure(`bpftrace did not attach:\n${errors.trim()}`);
}

/** The line for one record; spans are remembered until they end. */
function lineOf(
  [kind, ...parts]: readonly string[],
  spans: Map<string, SpanSeen>,
  withEnds: boolean,
): string | undefined {
  switch (kind) {
    case "event": {
      const [level, span = "", target = "", message = "", json = ""] = parts;
      const name = levelName(Number(level) as 1).padStart(5);
      const text = [oneLine(message), fieldsOf(json)].filter((part) => part !== "").join(" ");
      return `${new Date().toISOString()} ${name} ${scopeOf(span, spans)}${target}: ${text}`;
    }
    case "span": {
      const [id = "", parent = "", name = "", json = ""] = parts;
      spans.set(id, { name, parent, fields: fieldsOf(json) });
      return undefined;
    }
    case "record": {
      const [id = "", json = ""] = parts;
      const span = spans.get(id);
      if (span !== undefined) span.fields = [span.fields, fieldsOf(json)].filter((part) => part !== "").join(" ");
      return undefined;
    }
    case "close": {
      const [id = "", busy, total, name = ""] = parts;
      const scope = scopeOf(spans.get(id)?.parent ?? "", spans);
      const span = spans.get(id);
      spans.delete(id);
      const times = `busy=${Number(busy) / 1e6}ms total=${Number(total) / 1e6}ms`;
      const shown = span?.fields ? `${name}{${span.fields}}` : name;
      return withEnds ? `${new Date().toISOString()} CLOSE ${scope}${shown}: ${times}` : undefined;
    }
    default:
      return undefined;
  }
}

/** `request{id=1}:query: ` for a span and those around it. */
function scopeOf(id: string, spans: ReadonlyMap<string, SpanSeen>): string {
  const span = spans.get(id);
  if (span === undefined) return "";
  const own = span.fields === "" ? span.name : `${span.name}{${span.fields}}`;
  return `${scopeOf(span.parent, spans).replace(/ $/, "")}${own}: `;
}

/** `a=1 b="text"` of a JSON object; as it is if it was cut. */
function fieldsOf(json: string): string {
  try {
    const fields = JSON.parse(json) as Record<string, unknown>;
    return Object.entries(fields)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(" ");
  } catch {
    return json === "" ? "" : `${oneLine(json)}…`;
  }
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what a line must not contain
  return text.replace(/[\0-\x1f\x7f]/g, (char) => JSON.stringify(char).slice(1, -1));
}
