/** Edits on small files, one for each thing that a graft can get wrong: `«source|edited»` marks an edit. */
import type { Edit } from "../../transformer/index.ts";

export interface Case {
  readonly name: string;
  readonly code: string;
  readonly edits: readonly Edit[];
}

/** The other files of the project, which the cases import from. */
export const surroundings: ReadonlyMap<string, string> = new Map([
  [
    "/project/other.ts",
    `export interface Shape { a: number }
export class Service { go() { return 1 } }
export const enum Color { Red = 1, Blue }
export function use(...values: unknown[]) { return values }
export namespace Space { export const inner = 1; export interface Only {} }
export const value = 1, second = 2;
export default function main(...values: unknown[]) { return values }
export function tag(...values: any[]): any { return () => {} }
`,
  ],
  [
    "/project/react.ts",
    `export function createElement(...all: any[]): any { return all }
export const Fragment = 1;
declare global { namespace JSX { interface IntrinsicElements { [name: string]: any } } }
`,
  ],
]);

const marked: Record<string, string> = {
  "hole.ts": `
import { use, value } from "./other.js";
use(«{ value, second: |$dt(0)?.(»value«, x: 1 }|, 2)»);
export const y = use(«a|$on[0] && b», 1)
«|
function b() { return "b" }
»`,
  "shorthand-copied.ts": `
import { use, value } from "./other.js";
use(«{ value }|value»);
`,
  "specifier-removed.ts": `
import «{ value, Service }|{ Service }» from "./other.js";
let s: Service = «new Service(value)|null!»;
`,
  "specifier-type-only.ts": `
import «{ value, type Shape }|type { Shape }» from "./other.js";
let s: Shape = «{ a: value }|null!»;
export { s };
`,
  "import-untouched-but-unused.ts": `
import main, { use, value, second } from "./other.js";
use(second«, value|»);
«main(1);|»
`,
  "import-used-in-other-scope.ts": `
import { use, value } from "./other.js";
use(«value|1»);
export function f(value: number) { return value }
`,
  "import-used-as-type.ts": `
import { use, Service } from "./other.js";
use(«new Service()|1»);
export let t: typeof Service, u: Service;
export interface I extends Service {}
export class C implements Service { go() { return 2 } }
`,
  "import-used-by-extends.ts": `
import { use, Service } from "./other.js";
use(«new Service()|1»);
export class C extends Service {}
`,
  "import-used-in-export.ts": `
import { use, Service, type Shape, value } from "./other.js";
use(«new Service(), value|1»);
export { Service };
export type { value };
export type { Shape };
`,
  "import-default-export.ts": `
import { use, value } from "./other.js";
use(«value|1»);
export default value;
`,
  "import-namespace.ts": `
import * as other from "./other.js";
export const x = «other.value|1»;
export let t: other.Shape;
`,
  "import-const-enum.ts": `
import { use, Color } from "./other.js";
use(«Color.Red|1», Color.Blue);
`,
  "import-const-enum-of-namespace.ts": `
import * as other from "./other.js";
export const a = [«other.value|1», other.Color.Blue];
`,
  "import-equals.ts": `
import { use, Space } from "./other.js";
import inner = Space.inner;
use(«inner|1»);
`,
  "import-equals-used.ts": `
import { use, Space } from "./other.js";
import inner = Space.inner;
use(«inner|1», inner, «Space.inner|2»);
`,
  "import-require.cts": `
import other = require("./other.js");
import «{ value, second }|{ second }» from "./other.js";
export const x = «other.value + value + second|second»;
`,
  "import-replaced.cts": `
«import other = require("./other.js");|import $dt = require("./other.js"); »
export import kept = require("./other.js");
export const x = «other.value + kept.value|$dt.value»;
`,
  "import-ambient.ts": `
import { use, value } from "./other.js";
use(«value|1»);
declare const a: typeof value;
declare class D { x: typeof value }
`,
  "import-jsx-factory.tsx": `
import * as React from "./react.js";
import { use } from "./other.js";
use(«<a/>|1»);
export const b = <i>{«React.Fragment|2»} text</i>;
`,
  "import-jsx-factory-gone.tsx": `
import * as React from "./react.js";
import { use } from "./other.js";
use(«<a/>, React|1»);
`,
  "import-used-by-edits-only.ts": `
import { use, value } from "./other.js";
import main from "./other.js";
/** @instrument({ fields: { value, sum: use(main) } }) */
export function f(a: number) { «|$dt(value, use(main)); »return a }
«|declare function $dt(...x: any[]): any;
»`,
  "import-equals-used-by-edits-only.cts": `
import other = require("./other.js");
import react = require("./react.js");
import * as all from "./other.js";
import { type Shape, value as mine, second } from "./other.js";
export const f = (Shape: number, x: Shape) => { «|$dt(other.value, Shape, mine); »return 1 };
export const g = () => { «|$dt(() => all.second); »return 2 };
«|declare function $dt(...x: any[]): any;
»`,
  "import-used-by-edits-too.ts": `
import { use, value } from "./other.js";
import * as other from "./other.js";
export async function g(a: number) { «|$dt({ value, a }, () => other.second); »return use(value) + other.second }
«|declare function $dt(...x: any[]): any;
»`,
  "last-import-gone.ts": `
«import { value } from "./other.js";|»
const z = «value|1»;
`,
  "first-import-made.ts": `
«|import * as $dt from "./other.js"; »var q = «1|$dt.value»;
`,
  "prologue.ts": `
#!/usr/bin/env node
/* licence */

"use strict";
// about the import
«|import * as $dt from "./other.js"; const $on = /*#__PURE__*/ $dt.use($sites); »import { use } from "./other.js";
// about the call
use(«1|$on[0] !== 0 && $dt.use($sites, 0)?.(1)»); // behind it
// at the end
«|function $sites() { return ["a", [
  ["é", 1, "\\u0041\\n\\x42", \`t\${1}u\`, /r[/]x/g, 0x10, 1e3, 1_000, 10n],
]]; }
»`,
  "decorator-removed.ts": `
import { tag, Service } from "./other.js";
export class A { «@tag() |»async l() { return super.toString() } «@tag()|» «@tag()|» async m(a: Service) { return super.toString() + (await a) } @tag() n(b: number) { «a|b» } @tag «@tag() |»p: Service = null! }
«@tag |»export class B { constructor(x: Service) { «x|y»; } }
«|var y: any, a: any;»`,
  "decorator-metadata-gone.ts": `
import { tag, Service } from "./other.js";
export class A { «@tag() |»m(a: Service): void {} }
`,
  "decorator-kept.ts": `
import { tag, Service, use } from "./other.js";
@tag
export class A { constructor(private s: Service, @tag() readonly t: string) { use(«Service|1») } @tag m(a: Service): Promise<Service> { «use(a)|void 0»; return null! } }
`,
  "super-in-async.ts": `
export class A extends Object { async m() { «await super.toString()|await $up(super.toString())»; const f = async () => super.toString(); return f } static { «this.x()|void 0» } static x() { return super.toString() } }
«|declare function $up(x: any): any;»`,
  "loops.ts": `
import { use } from "./other.js";
export function f(n: number[]) { for (const i of n) { setTimeout(() => «|use(0, »i«|)»); } for (let i = 0; i < 3; i++) { «use(() => i)|void 0»; use(() => i) } label: for (;;) { «use()|use(1)»; break label } }
`,
  "async-generators.ts": `
export async function* g(a: any, b = «a.x|a.y», ...c: any[]) { try { yield* «|$w(»a«|)» ; for await (const x of «|$w(»a«|)») { yield «|$w(»x«|)» } } catch («e|e») { return «|$w(»await a«|)» } finally { «b|$w()» } }
«|declare function $w(...x: any[]): any;
»`,
  "classes.ts": `
export abstract class A<T> { #p = «1|2»; declare d: string; static s = () => «|$on[0] && »this; accessor q = «1|$on[1]»; constructor(private x = «1|2», protected readonly y?: T) { «x|void 0» } get #g() { return «|0 + »this.#p«| + 1» } abstract z(): void; m?(): void; [«"k"|"j"»]() {} }
«|declare const $on: number[];
»`,
  "wrapped.ts": `
export class W { m = «|$w(() => »() => { for (const i of [1]) setTimeout(() => i); return this }«|)»; async n() { return «|$w(async () => »async () => super.toString()«|)» } }
«|declare function $w(f: any): any;
»`,
  "wrapped-loop.ts": `
export function f() { «|for (const j of [1]) { »for (const i of [1]) setTimeout(() => i);«| }» }
declare function setTimeout(f: () => void): void;
`,
  "import-ambient-heritage.ts": `
import { use, Service } from "./other.js";
use(«new Service()|1»);
declare class D extends Service {}
export type { D };
`,
  "specifier-types-left.ts": `
import «{ value, type Shape }|{ type Shape }» from "./other.js";
export const s: Shape = { a: «value|1» };
`,
  "namespaces.ts": `
export namespace N { export const a = 1; export function f() { return «|$dt(»a«|)» } export enum E { X, Y } }
export enum F { P = 1, Q = N.a }
«|declare function $dt(x: any): any;
»`,
  "exports.ts": `
export let counter = 0;
export const bump = () => { counter++; «use(counter)|$w(0)?.(counter)»; counter = «1|2» as any };
function use(x: any) {}
export { use as other };
«|declare function $w(x: any): any;
»`,
  "types.ts": `
type T = { a: 1 };
interface I {}
export function over(a: string): void;
export function over(a: number): void;
export function over(a: any) { const b = «a!|a» as T satisfies unknown; «over<any>|void» (b); return <T>«b|(b)» }
export declare const nothing: I;
`,
  "comments.ts": `
// one
import { use } from "./other.js";

/** about f */
export function f() {
  // removed call
  «use(1);|»
  // kept call
  use(2); // behind
  /* between */ «use(3);|» // trailing removed
  return use(/* in */ «1 /* gone */, |»2 /* after */);
}

// about g
/** doc */
export class G {
  // m
  m() { /* empty */ }
}
// the end
`,
  "comments-hole.ts": `
import { use } from "./other.js";
use(«[ /* a */ |0, »use /* b */« ]|»);
use(«[ // line
  |0,
  »use« ]|»);
`,
  "licence.ts": `
/* licence */

«import { value } from "./other.js";|»
// second
export const a = «value|1»;
`,
  "licence-attached.ts": `
/* attached */
«import { value } from "./other.js";|»
export const a = «value|1»;
`,
  "licence-pinned.ts": `
// not pinned
/*! pinned
 *  in two lines */
«import { value } from "./other.js";|»
import * as other from "./other.js";
export const a = [«value|1», other.value];
`,
  "licence-before-types.tsx": `
/** @jsx createElement */
/** @jsxRuntime classic */
«import { value } from "./other.js";|»
import * as React from "./react.js";
import { createElement } from "./react.js";

type Child = string;
export const a: Child = <b>{«value|1»}{React.Fragment}</b>;
`,
  "licence-before-attached.ts": `
/* licence */

/* attached */
«import { use, value } from "./other.js";|»
export function a() { return «use(value)|1» }
`,
  "asi.ts": `
export let a = 1
«|;(»a«|)»
«a|void 0»
if (a) «a|void 0»
else «a|;»
`,
  "chain.ts": `
export const a: any = null;
a
  .b()
  .c(«1|$on()»)
  ?.d[«1|2»]
  .f!.e();
«|declare function $on(): any;
»`,
  "objects.ts": `
export const a: any = {
  b: «1|$on()»,
  get c() { return «1|2» },
  d() { return super.toString() + «1|2» },
  ...«{}|[]»,
  ["e"]: «1|2»,
};
const { b = «1|2», ...rest } = a, [x, , y = «1|2»] = a;
export { b, rest, x, y };
«|declare function $on(): any;
»`,
  "switch.ts": `
export function f(x: any) { switch («|$w(»x«|)») { case «1|2»: «f(1);|» break; default: «f(2)|void 0» } do «f(1)|f(2)»; while («|!»x); with_: { «f(0);|» } return x ? «1|2» : \`a\${«|$w(»x«|)»}b\${1}c\` }
«|declare function $w(x: any): any;
»`,
  "using.ts": `
export async function f(a: any) { using s = «|$w(»a«|)»; await using t = «a|$w(0)»; { using u = a; «f(1)|f(2)» } }
«|declare function $w(x: any): any;
»`,
  "javascript.js": `
import { use, value } from "./other.js";
/** @type {import("./other.js").Shape} */
export const s = { a: «value|1» };
use(«s|0»);
`,
  "script.js": `
const { use } = require("./other.js");
«use(1)|void 0»;
module.exports = { use };
`,
  "export-touched.ts": `
import { value, type Shape } from "./other.js";
export { «value as a, |»value as b, «|type »Shape };
`,
  "astral.ts": `
import { use } from "./other.js";
export const s = "😀", t = use("é😀", «s|$on("é😀")», \`😀\${«s|1»}\`);
«|declare function $on(x: any): any;
»`,
};

export const cases: readonly Case[] = Object.entries(marked).map(([name, lines]) => {
  const text = lines.slice(1);
  const edits: Edit[] = [];
  let code = "";
  let at = 0;
  for (const match of text.matchAll(/«([^|»]*)\|([^»]*)»/g)) {
    code += text.slice(at, match.index);
    const [all, before = "", after = ""] = match;
    edits.push({ start: code.length, end: code.length + before.length, text: after });
    code += before;
    at = match.index + all.length;
  }
  return { name: `/project/case-${name}`, code: code + text.slice(at), edits };
});
