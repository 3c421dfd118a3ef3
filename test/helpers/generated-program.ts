/** Random programs full of macro calls, whose results do not depend on who listens. */
import * as fc from "fast-check";

/** What surrounds a piece of a program while it is written. */
interface Place {
  /** Whether statements end with semicolons. */
  readonly semicolons: boolean;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** An alias of `trace` that is in scope. */
  readonly alias: string;
  fresh(prefix: string): string;
}

/** A piece of a program, written once its place is known. */
type Piece = (place: Place) => string;

/** Arguments count their evaluations with `arg`, and have no other effect; all other code tells what it does with `note`. */
const prelude = `import { trace, Level, type LevelName } from "dtracing";
import * as ns from "dtracing";
const out: unknown[] = [];
const note = <T,>(x: T): T => (out.push(x), x);
const arg = <T,>(x: T): T => ((globalThis as any).evaluations++, x);
const quiet = <T extends object>(f: T): T => Object.assign(f, { toString: () => "quiet" });
const tick = async <T,>(x: T): Promise<T> => x;
let turn = 0;
const names = ["error", "warn", "info", "debug", "trace"] as LevelName[];
const level = (): LevelName => names[turn++ % 5]!;
const mine = { info: (x: unknown) => void note(x), infoSpan: (x: unknown) => void note(x) };
const log = trace.with({ target: "generated" });
`;

/** A whole module; it exports what it noted. */
export const generatedProgram: fc.Arbitrary<string> = fc
  .letrec<{
    readonly number: Piece;
    readonly argument: Piece;
    readonly event: Piece;
    readonly span: Piece;
    readonly value: Piece;
    readonly statement: Piece;
    readonly statements: Piece;
    readonly program: { readonly statements: readonly Piece[]; readonly semicolons: boolean };
  }>((tie) => {
    const number = tie("number");
    const argument = tie("argument");
    const event = tie("event");
    const span = tie("span");
    const value = tie("value");
    const statement = tie("statement");
    const statements = tie("statements");
    const macroLevel = fc.constantFrom("error", "warn", "info", "debug", "trace");
    const form = fc.constantFrom("!(", "?.(", "(", "!\n  (", "! /* ( */ (");
    const receiver: fc.Arbitrary<Piece> = fc.oneof(
      pieces("trace", "ns.trace", "log", "(trace)", "trace!", `trace["with"]({ target: "own" })`),
      fc.constant<Piece>((place) => place.alias),
      argument.map<Piece>((parent) => (place) => `trace.with({ target: "t", parent: (${parent(place)}, null) })`),
    );
    const fieldNames = fc.uniqueArray(fc.constantFrom("a", "b", "c", `"d.e"`, `["f" + "g"]`), { maxLength: 3 });
    const fields: fc.Arbitrary<Piece> = fc
      .tuple(fieldNames, fc.array(argument, { minLength: 3, maxLength: 3 }), fc.option(argument), fc.boolean())
      .map<Piece>(([keys, values, spread, isLong]) => (place) => {
        const break_ = isLong ? "\n    " : " ";
        const listed = keys.map((key, index) => `${key}: ${values[index]?.(place)}`);
        if (spread !== null) listed.push(`...{ s: ${spread(place)} }`);
        return listed.length === 0 ? "{}" : `{${break_}${listed.join(`,${break_}`)}${isLong ? ",\n  " : " "}}`;
      });
    const message: fc.Arbitrary<Piece> = fc.oneof(
      pieces(`"text"`, "`static`", `"sum" + " of two"`, `"line\\nbreak"`),
      argument.map<Piece>((x) => (place) => `\`template \${${x(place)}}\``),
      argument.map<Piece>((x) => (place) => `\`two\nlines \${\n${x(place)}\n}\``),
    );
    const content = fc.oneof(
      fc.constant<readonly Piece[]>([]),
      fc.tuple(message),
      fc.tuple(fields),
      fc.tuple(message, fields),
      fc.tuple(fields, message),
    );
    const join = (parts: readonly Piece[], place: Place): string => parts.map((part) => part(place)).join(", ");
    const dynamicLevel = fc.constantFrom("level()", "Level.INFO", `"warn"`, "ns.Level.ERROR", "level() as LevelName");

    return {
      number: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.nat(9).map<Piece>((n) => () => String(n)),
        number.map<Piece>((x) => (place) => `note(${x(place)})`),
        number.map<Piece>((x) => (place) => (place.isAsync ? `await tick(${x(place)})` : x(place))),
        number.map<Piece>((x) => (place) => (place.isGenerator ? `((yield ${x(place)}), 1)` : x(place))),
        fc.tuple(number, number).map<Piece>(
          ([x, y]) =>
            (place) =>
              `(${x(place)} + ${y(place)})`,
        ),
        value,
      ),
      argument: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.nat(9).map<Piece>((n) => () => `arg(${n})`),
        argument.map<Piece>((x) => (place) => (place.isAsync ? `await tick(${x(place)})` : `(${x(place)})`)),
        event.map<Piece>((x) => (place) => `arg((${x(place)}, 1))`),
        span.map<Piece>((x) => (place) => `arg(${x(place)}.inScope(() => 2))`),
        argument.map<Piece>((x) => (place) => `arg([1].map((one) => one + ${x({ ...place, isAsync: false })}))`),
        argument.map<Piece>((x) => (place) => `arg(quiet(() => ${x({ ...place, isAsync: false })}))`),
        argument.map<Piece>((x) => (place) => `({ nested: ${x(place)}, "🙂": arg(1) })`),
      ),
      event: fc.oneof(
        fc.tuple(receiver, macroLevel, form, content).map<Piece>(
          ([on, name, open, parts]) =>
            (place) =>
              `${on(place)}.${name}${open}${join(parts, place)})`,
        ),
        fc.tuple(receiver, form, dynamicLevel, content).map<Piece>(
          ([on, open, given, parts]) =>
            (place) =>
              // A parent that is computed cannot stand before a level that is.
              `${/with\(/.test(on(place)) ? "trace" : on(place)}.event${open}${[given, ...parts.map((part) => part(place))].join(", ")})`,
        ),
      ),
      span: fc.oneof(
        fc.tuple(receiver, macroLevel, form, fc.option(fields)).map<Piece>(
          ([on, name, open, given]) =>
            (place) =>
              `${on(place)}.${name}Span${open}"span"${given === null ? "" : `, ${given(place)}`})`,
        ),
        fc.tuple(dynamicLevel, form, fields).map<Piece>(
          ([given, open, parts]) =>
            (place) =>
              `log.span${open}${given}, "dynamic", ${parts(place)})`,
        ),
      ),
      value: fc.oneof(
        event.map<Piece>((x) => (place) => `(${x(place)}, note(1))`),
        event.map<Piece>((x) => (place) => `(${x(place)} ?? note(2))`),
        event.map<Piece>((x) => (place) => `(note(true) && ${x(place)}, 3)`),
        fc.tuple(event, event).map<Piece>(
          ([x, y]) =>
            (place) =>
              `(note(1) > 0 ? ${x(place)} : ${y(place)}, 4)`,
        ),
        event.map<Piece>((x) => (place) => `String(${x(place)}).length`),
        event.map<Piece>((x) => (place) => `\`\${${x(place)}}\`.length`),
        event.map<Piece>((x) => (place) => `[${x(place)}, 1].length`),
        event.map<Piece>((x) => (place) => `Object.keys({ x: ${x(place)} }).length`),
        event.map<Piece>((x) => (place) => `(typeof ${x(place)}).length`),
        event.map<Piece>((x) => (place) => (place.isAsync ? `(await ${x(place)}, 5)` : `(void ${x(place)}, 5)`)),
        event.map<Piece>((x) => (place) => `(() => ${x({ ...place, isAsync: false, isGenerator: false })})() ?? 6`),
        event.map<Piece>(
          (x) => (place) => `((x = ${x({ ...place, isAsync: false, isGenerator: false })}) => note(x ?? 7))()`,
        ),
        fc.tuple(span, number).map<Piece>(
          ([s, x]) =>
            (place) =>
              `${s(place)}.inScope(() => ${x({ ...place, isAsync: false, isGenerator: false })})`,
        ),
        fc.tuple(span, number).map<Piece>(
          ([s, x]) =>
            (place) =>
              place.isAsync
                ? `(await ${s(place)}.inScope(async () => ${x({ ...place, isGenerator: false })}))`
                : x(place),
        ),
      ),
      statement: fc.oneof(
        { depthSize: "medium", withCrossShrink: true },
        { weight: 6, arbitrary: event.map<Piece>((x) => (place) => end(x(place), place)) },
        { weight: 2, arbitrary: number.map<Piece>((x) => (place) => end(`note(${x(place)})`, place)) },
        {
          weight: 2,
          arbitrary: value.map<Piece>((x) => (place) => end(`${place.isGenerator ? "void " : ""}${x(place)}`, place)),
        },
        { weight: 1, arbitrary: span.map<Piece>((x) => (place) => end(x(place), place)) },
        number.map<Piece>((x) => (place) => end(`let ${place.fresh("x")} = ${x(place)}`, place)),
        event.map<Piece>((x) => (place) => end(`const ${place.fresh("e")} = ${x(place)}`, place)),
        span.map<Piece>((x) => (place) => end(`const ${place.fresh("s")} = ${x(place)}`, place)),
        fc.tuple(receiver, argument).map<Piece>(([on, x]) => (place) => {
          const name = place.fresh("s");
          const made = `${on(place)}.infoSpan!("recorded", { a: ${x(place)} })`;
          return `${end(`const ${name} = ${made}`, place)}\n${end(`${name}.record("a", 2)`, place)}`;
        }),
        fc.tuple(span, statements).map<Piece>(([s, body]) => (place) => {
          const name = place.fresh("_s");
          return `{\n${end(`using ${name} = ${s(place)}.entered()`, place)}\n${body(place)}\n}`;
        }),
        fc.tuple(span, statements).map<Piece>(([s, body]) => (place) => {
          const inner = { ...place, isAsync: false, isGenerator: false };
          return end(`${s(place)}.inScope(() => {\n${body(inner)}\n})`, place);
        }),
        fc.tuple(event, event).map<Piece>(
          ([x, y]) =>
            (place) =>
              `if (note(1) > 2) ${embedded(x(place), place)}\nelse ${embedded(y(place), place)}`,
        ),
        event.map<Piece>((x) => (place) => `if (note(1)) ${embedded(x(place), place)}`),
        event.map<Piece>((x) => (place) => `for (let i = 0; i < 2; i++) ${embedded(x(place), place)}`),
        event.map<Piece>((x) => (place) => `for (const i of [1, 2]) ${embedded(x(place), place)}`),
        event.map<Piece>(
          (x) => (place) => `do ${embedded(x(place), place)}\nwhile (note(0) > 1)${place.semicolons ? ";" : ""}`,
        ),
        event.map<Piece>((x) => (place) => `${place.fresh("label")}: ${embedded(x(place), place)}`),
        statements.map<Piece>((body) => (place) => `{\n${body(place)}\n}`),
        fc.tuple(event, statements).map<Piece>(
          ([x, body]) =>
            (place) =>
              `switch (note(1)) {\ncase 1:\n${end(x(place), place)}\ndefault: {\n${body(place)}\n}\n}`,
        ),
        fc.tuple(statements, event, event).map<Piece>(
          ([body, x, y]) =>
            (place) =>
              `try {\n${body(place)}\nthrow 1\n} catch (caught) {\n${end("note(caught)", place)}\n${end(x(place), place)}\n} finally {\n${end(y(place), place)}\n}`,
        ),
        fc.tuple(form, statements).map<Piece>(([open, body]) => (place) => {
          const inner = { ...place, isAsync: false, isGenerator: false };
          const name = place.fresh("shadowed");
          return `function ${name}(trace: any) {\n${end(`trace.info${open}"mine")`, place)}\n}\n${end(`${name}(mine)`, place)}\n{\n${body(inner)}\n}`;
        }),
        fc.tuple(number, statements, event).map<Piece>(([x, body, last]) => (place) => {
          const name = place.fresh("hoisted");
          const inner = { ...place, isAsync: false, isGenerator: false };
          return `${end(`note(${name}(${x(place)}))`, place)}\nfunction ${name}(x: number): unknown {\n${body(inner)}\nreturn ${last(inner)}\n}`;
        }),
        fc
          .tuple(pieces(`{ target: "local" }`, "{ parent: null }"), statements)
          .map<Piece>(([options, body]) => (place) => {
            const name = place.fresh("local");
            const alias = place.fresh("own");
            const inner = { ...place, isAsync: false, isGenerator: false, alias };
            return `const ${name} = () => {\n${end(`const ${alias} = trace.with(${options(place)})`, place)}\n${body(inner)}\nreturn note(1)\n}\n${end(`${name}()`, place)}`;
          }),
        statements.map<Piece>((body) => (place) => {
          const name = place.fresh("later");
          const inner = { ...place, isAsync: true, isGenerator: false };
          const call = place.isAsync ? `note(await ${name}(2))` : `note(typeof ${name})`;
          return `async function ${name}(x: number) {\n${body(inner)}\nreturn x\n}\n${end(call, place)}`;
        }),
        statements.map<Piece>((body) => (place) => {
          const name = place.fresh("items");
          const inner = { ...place, isAsync: false, isGenerator: true };
          return `function* ${name}(): Generator<unknown, any, any> {\n${body(inner)}\nyield 3\n}\n${end(`note([...${name}()].length)`, place)}`;
        }),
        statements.map<Piece>((body) => (place) => {
          const name = place.fresh("stream");
          const inner = { ...place, isAsync: true, isGenerator: true };
          const use = place.isAsync ? `for await (const x of ${name}()) note(x)` : `note(typeof ${name})`;
          return `async function* ${name}(): AsyncGenerator<unknown, any, any> {\n${body(inner)}\nyield 4\n}\n${end(use, place)}`;
        }),
        fc.tuple(event, span, statements).map<Piece>(([x, s, body]) => (place) => {
          const name = place.fresh("Class");
          const inner = { ...place, isAsync: false, isGenerator: false };
          return `class ${name} {\n#x = ${x(inner)};\nstatic s = ${s(inner)};\nstatic {\n${body(inner)}\n}\nget x() {\n${body(inner)}\nreturn this.#x\n}\nconstructor(readonly given = ${x(inner)}) {\n${end(x(inner), place)}\n}\n}\n${end(`note(new ${name}().x)`, place)}`;
        }),
        event.map<Piece>((x) => (place) => {
          const list = place.fresh("closures");
          const inner = { ...place, isAsync: false, isGenerator: false };
          return `const ${list}: (() => unknown)[] = []\nfor (let i = 0; i < 2; i++) ${list}.push(() => (${x(inner)}, note(i)))\n${end(`${list}.forEach((f) => f())`, place)}`;
        }),
        event.map<Piece>((x) => (place) => `if (trace.enabled!(Level.DEBUG)) ${embedded(x(place), place)}`),
        event.map<Piece>(
          (x) => (place) => `if (note(1) > 0 || log.eventEnabled!(level())) ${embedded(x(place), place)}`,
        ),
      ),
      statements: fc
        .array(statement, { maxLength: 4, depthIdentifier: "statements" })
        .map<Piece>((all) => (place) => all.map((one) => one(place)).join("\n")),
      program: fc.record({
        statements: fc.array(statement, { minLength: 2, maxLength: 10 }),
        semicolons: fc.boolean(),
      }),
    };
  })
  .program.map(({ statements, semicolons }) => {
    let count = 0;
    const fresh = (prefix: string): string => `${prefix}${count++}`;
    const place: Place = { semicolons, isAsync: true, isGenerator: false, alias: "log", fresh };
    return `${prelude}${statements.map((one) => one(place)).join("\n")}\nexport const result = out${semicolons ? ";\n" : ""}`;
  });

function pieces(...texts: readonly string[]): fc.Arbitrary<Piece> {
  return fc.constantFrom(...texts).map((text) => () => text);
}

/** Ends a statement in the program's style; without semicolons, one that could continue the line before begins with one. */
function end(text: string, { semicolons }: Place): string {
  if (semicolons) return `${text};`;
  return /^[([`+\-/]/.test(text) ? `;${text}` : text;
}

/** Ends a statement that stands in the place of one, behind `if (…)` say. */
function embedded(text: string, { semicolons }: Place): string {
  return semicolons ? `${text};` : text;
}
