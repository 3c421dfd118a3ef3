/** The resources of a block with `await using`, disposed of one by one, so that each disposal is a suspension. */
import { dispose } from "./dispose.ts";

/** As the language finds it, or as what lowers `await using` for older engines does. */
const asyncDispose: typeof Symbol.asyncDispose = /*#__PURE__*/ (() =>
  Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose"))() as typeof Symbol.asyncDispose;

/** As the language's own, which is newer than many an engine. */
function suppressed(error: unknown, cause: unknown): unknown {
  const { SuppressedError: Native } = globalThis as { SuppressedError?: new (...values: unknown[]) => Error };
  const message = "An error was suppressed during disposal.";
  if (Native) return new Native(error, cause, message);
  return Object.assign(new Error(message), { name: "SuppressedError", error, suppressed: cause });
}

/** What a block holds. Generated code pops until nothing is left, then ends. */
export class Resources {
  readonly held: (() => unknown)[] = [];
  hasFailed = false;
  error: unknown;

  get left(): number {
    return this.held.length;
  }

  /** Takes over a resource, and answers it. */
  use<T>(value: T, isSync?: boolean): T {
    if (value === null || value === undefined) {
      // the language waits for a turn even so
      if (!isSync) this.held.push(() => undefined);
      return value;
    }
    const methods = value as { readonly [key: symbol]: unknown };
    const own = isSync ? undefined : (methods[asyncDispose] ?? undefined);
    const method = own ?? methods[dispose];
    if (typeof method !== "function") throw new TypeError("the resource has no method to dispose of it");
    this.held.push(() => (own === undefined ? void method.call(value) : method.call(value)));
    return value;
  }

  /** Disposes of the last one. */
  pop(): unknown {
    return this.held.pop()?.();
  }

  /** Notes what the block, or a disposal, threw. */
  failed(error: unknown): void {
    this.error = this.hasFailed ? suppressed(error, this.error) : error;
    this.hasFailed = true;
  }

  end(): void {
    if (this.hasFailed) throw this.error;
  }
}

export function resources(): Resources {
  return new Resources();
}
