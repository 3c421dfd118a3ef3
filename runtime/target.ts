/** The default target of a module: its package and its path in the package, as Rust's `module_path!()`. */

/**
 * `src/db/users.ts` of `app` is `app::db::users`, `src/index.ts` is `app`. A leading `src`, `lib`, `dist`,
 * `build` or `out` is dropped, so that a built file has the target of its source.
 */
export function defaultTarget(packageName: string, pathFromPackageRoot: string): string {
  const parts = pathFromPackageRoot.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
  if (parts.length > 1 && /^(src|lib|dist|build|out)$/.test(parts[0] ?? "")) parts.shift();
  const last = (parts.pop() ?? "").replace(/(\.d)?\.[^.]+$/, "");
  if (last !== "" && last !== "index") parts.push(last);
  return [packageName, ...parts].filter((part) => part !== "").join("::");
}
