/** Who called an untransformed macro: the identity of the place, from the stack, and its default target. */
import type { FileSystem } from "./platform.ts";
import { builtin } from "./platform.ts";
import { defaultTarget } from "./target.ts";

/** V8's additions to Error. */
interface V8 {
  stackTraceLimit?: number;
  captureStackTrace?(holder: object, above: unknown): void;
  prepareStackTrace?: unknown;
}

/** The raw stack frame of the caller of `above`: the same text for the same place. Empty where the engine has none. */
export function callerOf(above: unknown): string {
  const v8 = Error as V8;
  if (!v8.captureStackTrace) return "";
  const { stackTraceLimit, prepareStackTrace } = v8;
  const holder: { stack?: unknown } = {};
  try {
    v8.stackTraceLimit = 1;
    // somebody else's formatting is slow, and need not be text
    v8.prepareStackTrace = undefined;
    v8.captureStackTrace(holder, above);
    return String(holder.stack).split("\n    at ")[1] ?? "";
  } catch {
    return "";
  } finally {
    if (stackTraceLimit !== undefined) v8.stackTraceLimit = stackTraceLimit;
    v8.prepareStackTrace = prepareStackTrace;
  }
}

/** `/app/src/server.ts:12:3` of a raw frame. */
export function placeOfFrame(frame: string): string {
  const place = (/\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(frame)?.[1] ?? frame).replace(/^async /, "");
  return place.startsWith("file://") ? pathOf(place) : place;
}

const targets = new Map<string, string>();

/** The target that the transformer would write for the file of a frame. */
export function targetOfFrame(frame: string): string {
  const file = placeOfFrame(frame)
    .replace(/(:\d+){1,2}$/, "")
    .replace(/[?#].*$/, "");
  let target = targets.get(file);
  if (target === undefined) targets.set(file, (target = targetOfFile(file)));
  return target;
}

function targetOfFile(file: string): string {
  // in a browser the path of the URL stands for the package
  const url = /^[a-z]{2,}:\/\/[^/]*\/(.*)$/i.exec(file);
  if (url) return defaultTarget("", url[1]!);
  const fs = builtin<FileSystem>("fs");
  if (fs === undefined) return defaultTarget("", file.slice(lastSlash(file) + 1));
  for (let end = lastSlash(file); end >= 0; end = lastSlash(file.slice(0, end))) {
    try {
      const { name } = JSON.parse(fs.readFileSync(`${file.slice(0, end)}/package.json`, "utf8")) as { name?: unknown };
      if (typeof name === "string") return defaultTarget(name, file.slice(end + 1));
    } catch {
      // none here, or none that can be read: look further up
    }
  }
  return defaultTarget("", file.slice(lastSlash(file) + 1));
}

function lastSlash(path: string): number {
  return Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
}

function pathOf(url: string): string {
  const path = url.slice("file://".length);
  try {
    return decodeURIComponent(/^\/[a-z]:\//i.test(path) ? path.slice(1) : path);
  } catch {
    return path;
  }
}
