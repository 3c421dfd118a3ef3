/** Tells on stderr what is doubtful about the program's filter: at once what its build knows, the rest at its end. */
import type { Dispatch } from "../../dispatcher.ts";
import type { Directive } from "./directive.ts";
import { builtin } from "../../platform.ts";
import { report } from "../../report.ts";
import { state } from "../../state.ts";
import { programFolders, readCatalogues } from "../../usdt/read-catalogues.ts";
import { doubtsOf } from "./doubts.ts";
import { printFilter } from "./print.ts";

/** What is looked at when the program ends, once for each text of a filter, however often it was set. */
const atExit = /*#__PURE__*/ new Map<string, () => void>();

/**
 * Called when the filter begins to decide for a dispatcher; only of the global one anything is told. A directive that
 * no callsite matches may be for what is loaded later: where the build does not rule that out, it is told at exit, when
 * nothing comes any more.
 */
export function tellDoubts(directives: readonly Directive[], dispatch: Dispatch): void {
  // the caller is on the stack only now
  const folders = programFolders();
  const tell = (isEnd: boolean): void => {
    if (state.global !== dispatch) return;
    try {
      for (const { text, isCertain } of doubtsOf(directives, readCatalogues(folders))) {
        if (isCertain || isEnd) report(text, text, "warn");
      }
    } catch (error) {
      report("doubts", "the filter could not be compared with the build", "warn", error);
    }
  };
  // by then the dispatcher is the global one, or never
  void Promise.resolve().then(() => tell(false));
  if (atExit.size === 0) {
    const process = builtin<{ on(event: "exit", f: () => void): void }>("process");
    process?.on("exit", () => atExit.forEach((last) => last()));
  }
  atExit.set(printFilter(directives), () => tell(true));
}
