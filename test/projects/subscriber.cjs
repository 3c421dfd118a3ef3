// Preloaded: counts everything, and formats the values of the first spans of each callsite, which reads all of them.
const { appendFileSync } = require("node:fs");
const { registry, textOf, visitFields } = require("dtracing");

const file = process.env.DTRACING_COUNTS;
// By a symbol: jest copies what has a name into its sandbox, whose registry is another one.
const once = Symbol.for("dtracing.test.counts");
if (file) {
  const counts = (globalThis[once] ??= counting());
  const save = () => {
    appendFileSync(file, `${JSON.stringify(counts)}\n`);
    for (const key of Object.keys(counts)) counts[key] = 0;
  };
  // Test runners end their workers with a signal, and in jest's sandbox `process` is a copy that never exits.
  if (typeof afterAll === "function") afterAll(save);
  else process.on("exit", save);
}

/** Sets the subscriber; what it counts. */
function counting() {
  const counts = { events: 0, spans: 0, closed: 0, entered: 0, exited: 0, characters: 0 };
  const formatted = new Map();
  registry()
    .with({
      onEvent: () => void counts.events++,
      onNewSpan(attributes) {
        counts.spans++;
        const { metadata } = attributes;
        const times = formatted.get(metadata) ?? 0;
        formatted.set(metadata, times + 1);
        if (times >= 3) return;
        visitFields(attributes, (name, value) => {
          counts.characters += textOf(attributes, name, value).length;
        });
      },
      onEnter: () => void counts.entered++,
      onExit: () => void counts.exited++,
      onClose: () => void counts.closed++,
    })
    .init();
  return counts;
}
