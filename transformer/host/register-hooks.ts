/** The load hook of Node 20 and early 22, in the thread that Node runs such hooks in. */
import type { LoadHook } from "node:module";
import { processRewriter, rewriteLoaded } from "./load.ts";

const rewrite = processRewriter();

export const load: LoadHook = async (url, context, nextLoad) =>
  rewriteLoaded(rewrite, url, await nextLoad(url, context));
