/**
 * Whether a file can hold anything for us: it names one of the modules that export `trace`, or a doc comment
 * asks to instrument a function. Cheap enough to
 * run on every file of a program; what it turns away is never parsed.
 */
export function quickTest(code: string, modules: readonly string[]): boolean {
  return modules.some((module) => code.includes(module)) || code.includes("@instrument");
}
