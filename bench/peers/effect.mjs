/** Effect with its own tracer: an effect with and without a span. Its runtime is another way to write programs, so it has a table of its own. */
import { Effect } from "effect";

export const effects = {
  "runSync of an effect": (f, a, b) => Effect.runSync(Effect.sync(() => f(a, b))),
  "runSync of an effect with a span": (f, a, b) =>
    Effect.runSync(
      Effect.withSpan(
        Effect.sync(() => f(a, b)),
        "work",
        { attributes: { a, b } },
      ),
    ),
};
