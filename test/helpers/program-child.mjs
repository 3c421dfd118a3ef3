/** Runs programs that its parent names, with a subscriber that takes everything or with none. */
import { inspect } from "node:util";
import { pathToFileURL } from "node:url";

const events = [];
let last = 0;
if (process.argv[2] === "all") {
  const { dispatch, setGlobalDefault, messageOf, visitFields } = await import("dtracing");
  const names = new Map();
  const fieldsOf = (event) => {
    const fields = [];
    visitFields(event, (name, value) => fields.push(`${name}=${show(value)}`));
    // An object puts names that are numbers first, and names the functions in it; a static field does neither.
    return fields
      .toSorted()
      .join(" ")
      .replaceAll(/\[(Function|class)[^\]]*\]/g, "[$1]")
      .replaceAll(/\n +at .*/g, "");
  };
  const tell = (...words) => events.push(words.filter((word) => word !== "").join(" "));
  setGlobalDefault(
    dispatch({
      enabled: () => true,
      newSpan(event) {
        names.set(++last, `${event.metadata.name}#${last}`);
        tell("new", `level ${event.metadata.level}`, names.get(last), fieldsOf(event));
        return last;
      },
      record: (id, values) => tell("record", names.get(id), show([...values])),
      recordFollowsFrom: (id, follows) => tell("follows", names.get(id), names.get(follows)),
      event: (event) => tell("event", `level ${event.metadata.level}`, show(messageOf(event)), fieldsOf(event)),
      enter: (id) => tell("enter", names.get(id)),
      exit: (id) => tell("exit", names.get(id)),
      tryClose: (id) => (tell("close", names.get(id)), true),
    }),
  );
}

function show(value) {
  return inspect(value, { depth: 6, breakLength: Infinity, sorted: false });
}

process.on("message", async ({ path }) => {
  events.length = 0;
  last = 0;
  // What a program counts outside its results: the evaluations of arguments, say.
  globalThis.evaluations = 0;
  let result;
  try {
    const namespace = await import(pathToFileURL(path).href);
    const values = {};
    for (const name of Object.keys(namespace)) values[name] = await namespace[name];
    result = show(values);
  } catch (error) {
    result = `threw ${error?.stack ?? error}`.replaceAll(/file:\S+/g, "…").split("\n    at")[0];
  }
  // A span ends some microtasks after the promise that it waited for.
  await new Promise(setImmediate);
  process.send({ result, events: events.join("\n"), evaluations: globalThis.evaluations });
});
process.send("ready");
