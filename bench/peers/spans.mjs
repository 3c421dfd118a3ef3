/**
 * How a function gets a span: `prepare` answers `wrap(f, name)`. Ours are instrumented by the build and are not wrapped.
 * A variant may have settings for its cell, and `asyncOnly` says that it has no synchronous form.
 */
const unwrapped = (f) => f;
const none = () => {};

/** A subscriber that wants everything and does nothing: the floor of ours. */
const bare = () => {
  let id = 0;
  return {
    enabled: () => true,
    newSpan: () => ++id,
    record: none,
    recordFollowsFrom: none,
    event: none,
    enter: none,
    exit: none,
    tryClose: () => true,
  };
};

function ours(subscribe, mode) {
  return {
    isOurs: true,
    async prepare() {
      const dtracing = await import("../../dist/runtime/index.js");
      if (mode === "compiled") dtracing.setContextMode("compiled");
      subscribe(dtracing);
      return unwrapped;
    },
  };
}

const withRegistry = ({ registry }) => registry().with({ onNewSpan: none, onClose: none }).init();
const withBare = ({ dispatch, setGlobalDefault }) => setGlobalDefault(dispatch(bare()));

export const wraps = {
  "no span": { prepare: async () => unwrapped },
  "dtracing, nobody listens": ours(none, "default"),
  "dtracing, compiled": ours(withRegistry, "compiled"),
  "dtracing, compiled, bare subscriber": ours(withBare, "compiled"),
  "dtracing, default": ours(withRegistry, "default"),
  "dtracing, default, bare subscriber": ours(withBare, "default"),
  "AsyncLocalStorage.run": {
    async prepare() {
      const { AsyncLocalStorage } = await import("node:async_hooks");
      const storage = new AsyncLocalStorage();
      return (f, name) => (a, b) => storage.run({ name, a, b }, f, a, b);
    },
  },
  "TracingChannel, subscribed": {
    async prepare() {
      const { tracingChannel } = await import("node:diagnostics_channel");
      return (f, name) => {
        const channel = tracingChannel(`bench:${name}`);
        channel.subscribe({ start: none, end: none, asyncStart: none, asyncEnd: none, error: none });
        return f.constructor.name === "AsyncFunction"
          ? (a, b) => channel.tracePromise(f, { a, b }, undefined, a, b)
          : (a, b) => channel.traceSync(f, { a, b }, undefined, a, b);
      };
    },
  },
  "OpenTelemetry SDK, batch processor": {
    async prepare() {
      const { BasicTracerProvider, BatchSpanProcessor } = await import("@opentelemetry/sdk-trace-base");
      const { AsyncLocalStorageContextManager } = await import("@opentelemetry/context-async-hooks");
      const { context } = await import("@opentelemetry/api");
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      const exporter = { export: (spans, done) => done({ code: 0 }), shutdown: async () => {} };
      // its queue is full most of the time, as nothing yields here: then a span is dropped, which is cheaper
      const processor = new BatchSpanProcessor(exporter);
      return traced(new BasicTracerProvider({ spanProcessors: [processor] }).getTracer("bench"));
    },
  },
  "OpenTelemetry API, no SDK": {
    async prepare() {
      const { trace } = await import("@opentelemetry/api");
      return traced(trace.getTracer("bench"));
    },
  },
};

function traced(tracer) {
  return (f, name) => (a, b) =>
    tracer.startActiveSpan(name, { attributes: { a, b } }, (span) => {
      try {
        const result = f(a, b);
        if (result instanceof Promise) return result.finally(() => span.end());
        span.end();
        return result;
      } catch (error) {
        span.end();
        throw error;
      }
    });
}
