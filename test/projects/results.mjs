/** Test reports as a map from a test's name to what became of it. */
import { existsSync, readFileSync } from "node:fs";

const readers = {
  /** vitest writes the same. */
  jest: (text, root) =>
    JSON.parse(text).testResults.flatMap(({ name, status, message, assertionResults }) => [
      // A file that fails before its first test has none.
      ...(assertionResults.length === 0 && status === "failed" ? [[name.replace(root, ""), `failed ${message}`]] : []),
      ...assertionResults.map((one) => [
        `${name.replace(root, "")} > ${one.fullName}`,
        one.status,
        one.failureMessages,
      ]),
    ]),
  mocha(text) {
    const { passes, failures, pending } = JSON.parse(text);
    const named = (list, status) => list.map(({ fullTitle, err }) => [fullTitle, status, [err?.stack ?? err?.message]]);
    return [...named(passes, "passed"), ...named(failures, "failed"), ...named(pending, "skipped")];
  },
  junit(text) {
    const cases = text.matchAll(/<testcase name="([^"]*)"[^>]*?file="([^"]*)"[^>]*?(?:\/>|>([^]*?)<\/testcase>)/g);
    return [...cases].map(([, name, file, inner = ""]) => {
      const status = inner.includes("<skipped") ? "skipped" : inner.includes("<failure") ? "failed" : "passed";
      return [`${file.replace(/.*\/(?=test\/)/, "")} > ${name}`, status, [inner]];
    });
  },
};

/** Names that occur twice are numbered. */
export function resultsOf(file, format, root) {
  const results = new Map();
  if (!existsSync(file)) return results;
  for (const [name, status, problems = []] of readers[format](readFileSync(file, "utf8"), root)) {
    let key = name;
    for (let n = 2; results.has(key); n++) key = `${name} (${n})`;
    results.set(key, { status: /^(pending|todo|skipped|disabled)$/.test(status) ? "skipped" : status, problems });
  }
  return results;
}

export function summary(results) {
  const count = (status) => [...results.values()].filter((one) => one.status === status).length;
  const [passed, failed, skipped] = ["passed", "failed", "skipped"].map(count);
  return `${passed} passed${failed > 0 ? `, ${failed} failed` : ""}${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** What is another result than before. */
export function differences(before, after) {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [before.get(name)?.status ?? "absent", after.get(name)?.status ?? "absent"];
    return was === is ? [] : [{ name, was, is, problem: after.get(name)?.problems.join("\n").slice(0, 2000) ?? "" }];
  });
}
