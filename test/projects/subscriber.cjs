// Preloaded: text of every event and span into a file that only counts, so that nothing of it is lost to a fast path.
const { appendFileSync } = require("node:fs");
const { registry, text } = require("dtracing");

const file = process.env.DTRACING_COUNTS;
if (file && globalThis.__dtracingCounts === undefined) {
  const counts = (globalThis.__dtracingCounts = { events: 0, bytes: 0, spans: 0, closed: 0 });
  const write = (line) => {
    counts.events++;
    counts.bytes += line.length;
  };
  const spans = { onNewSpan: () => void counts.spans++, onClose: () => void counts.closed++ };
  registry()
    .with(spans)
    .with(text({ writer: write }))
    .init();
  const save = () => appendFileSync(file, `${JSON.stringify(counts)}\n`);
  // In jest's sandbox `process` is a copy that never exits.
  if (typeof afterAll === "function") afterAll(save);
  else process.on("exit", save);
}
