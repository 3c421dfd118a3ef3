/** The spans' probes: the times they give, parents, records, whatever subscribers want. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { latency } from "../cli/scripts.ts";
import { buildProgram, run } from "./helpers/usdt-program.ts";
import { bpftrace, eventually, tracerTest } from "./helpers/usdt-tools.ts";

const source = `
import { registry, trace, Empty } from "dtracing";
import { setTimeout as sleep } from "node:timers/promises";
const spin = (milliseconds: number) => { for (const end = performance.now() + milliseconds; performance.now() < end; ); };

/** @instrument({ name: "work" }) */
async function work(rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) { spin(4); await sleep(6); }
}
on("work", async (times: number) => { for (let i = 0; i < times; i++) await work(3); });

on("nested", () => {
  using outer = trace.infoSpan!("outer", { id: 1 }).entered();
  const inner = trace.debugSpan!("inner", { rows: Empty });
  inner.inScope(() => inner.record("rows", 3));
  const twin = inner.clone();
  inner.close();
  twin.close();
  const child = trace.with({ parent: outer }).traceSpan!("child");
  child.close();
  const root = trace.with({ parent: null }).traceSpan!("root");
  root.close();
});

const times: Record<string, { busy: number; total: number; count: number }> = {};
on("subscribe", (level: string) => {
  const open = new Map<number, { made: number; entered: number; busy: number; name: string }>();
  const now = () => performance.now() * 1000;
  registry().with({
    maxLevelHint: () => (level === "info" ? 3 : 5),
    registerCallsite: (metadata: any) => (level === "info" && metadata.level > 3 ? 0 : 2),
    onNewSpan(attributes: any, id: number) { open.set(id, { made: now(), entered: 0, busy: 0, name: attributes.metadata.name }); },
    onEnter(id: number) { open.get(id)!.entered = now(); },
    onExit(id: number) { const span = open.get(id)!; span.busy += now() - span.entered; },
    onClose(id: number) {
      const span = open.get(id)!;
      const sum = (times[span.name] ??= { busy: 0, total: 0, count: 0 });
      sum.busy += span.busy; sum.total += now() - span.made; sum.count++;
    },
  } as never).init();
});
on("times", () => times);
`;
const built = await buildProgram(source);
test.after(built.close);
const files = [{ path: built.probes, catalogue: built.catalogue }];
const usdt = (name: string): string => `usdt:${built.probes}:fixture:${name}`;

tracerTest("the latency script agrees with what a subscriber measures", ["root", "bpftrace"], async () => {
  const program = await run(built.file);
  try {
    await program.call("subscribe", "trace");
    const tracer = await bpftrace(latency(files));
    await eventually(
      async () => (await program.cells()).some(([, high]) => high >= 0x8000),
      () => "not armed",
    );
    await program.call("work", 12);
    const text = await tracer.stop();
    const { work } = await program.call<Record<string, { busy: number; total: number; count: number }>>("times");
    for (const kind of ["total", "busy"] as const) {
      const [, count, , total] =
        new RegExp(`@${kind}_mean_us\\[work\\]: count (\\d+), average (\\d+), total (\\d+)`).exec(text) ?? [];
      assert.is(Number(count), work!.count, text);
      const ratio = Number(total) / work![kind];
      console.log(
        `note: ${kind} time of 12 spans: bpftrace ${total} us, subscriber ${Math.round(work![kind])} us, ratio ${ratio.toFixed(3)}`,
      );
      assert.ok(ratio > 0.8 && ratio < 1.2, `${kind} ${ratio}`);
    }
  } finally {
    await program.stop();
  }
});

const script = `
${usdt("new_span")} { printf("new %d %d %s\\n", arg0, arg1, str(arg2)); }
${usdt("enter")} { printf("enter %d %s\\n", arg0, str(arg1)); }
${usdt("exit")} { printf("exit %d %s\\n", arg0, str(arg1)); }
${usdt("record")} { printf("record %d %s %s\\n", arg0, str(arg1), str(arg2)); }
${usdt("close")} { printf("close %d %s\\n", arg0, str(arg1)); }`;

for (const level of ["off", "info", "trace"]) {
  tracerTest(`the same spans with subscribers at ${level}`, ["root", "bpftrace"], async () => {
    const program = await run(built.file);
    try {
      if (level !== "off") await program.call("subscribe", level);
      const tracer = await bpftrace(script);
      await eventually(
        async () => (await program.cells()).some(([, high]) => high >= 0x8000),
        () => "not armed",
      );
      await program.call("nested");
      await tracer.until(/close \d+ outer/);
      const lines = (await tracer.stop()).split("\n").filter((line) => /^(new|enter|exit|record|close) /.test(line));
      const ids = new Map(
        lines.filter((line) => line.startsWith("new")).map((line) => [line.split(" ")[1]!, line.split(" ")[3]!]),
      );
      const named = lines.map((line) => line.replaceAll(/ (\d+)/g, (_, id: string) => ` ${ids.get(id) ?? id}`));
      const wanted = [
        "new outer 0 outer",
        "enter outer outer",
        "new inner outer inner",
        "enter inner inner",
        'record inner inner {"rows":3}',
        "exit inner inner",
        "close inner inner",
        "new child outer child",
        "close child child",
        "new root 0 root",
        "close root root",
        "exit outer outer",
        "close outer outer",
      ];
      assert.equal(named.toSorted(), wanted.toSorted());
    } finally {
      await program.stop();
    }
  });
}

test.run();
