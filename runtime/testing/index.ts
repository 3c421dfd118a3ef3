/** `dtracing/testing`: what code under test records, for assertions of any kind. */
export type { Captured, CapturedRecord, CapturedSpan } from "./capture.ts";
export type { Expectation, Expecting } from "./expect.ts";
export { capture } from "./capture.ts";
export { expectTrace } from "./expect.ts";
