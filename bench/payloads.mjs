/** What lines say: the source of the fields, with `i` counting, and the values they show for the first lines. */

/** Declarations that a program of lines begins with. Eight values each, so that none is a constant. */
export const declarations = `
const at = (make) => Array.from({ length: 8 }, (_, k) => make(k));
const paths = at((k) => "/orders/" + (1234 + k * 7));
const times = at((k) => 3 + k * 17);
const users = at((k) => ({ id: 7 + k, name: "ada" + k, roles: ["admin", "ops"], address: { city: "Berlin", zip: 10115 + k } }));
const errors = at((k) => new Error("connection lost " + k));
const foreign = at((k) => "/b\\u00fccher/\\u65e5\\u672c\\u8a9e/\\u{1f600}" + k);
const dirty = at((k) => 'say "' + k + '"\\n\\tto C:\\\\temp');
const long = at((k) => "The quick brown fox jumps over the lazy dog. ".repeat(8) + k);
`;

export const payloads = {
  "no field": { fields: "", message: "request completed" },
  "3 fields": { fields: "id: i, path: paths[i & 7], ms: times[i & 7]", message: "request completed" },
  "nested object": { fields: "account: users[i & 7]", message: "request completed" },
  error: { fields: "error: errors[i & 7]", message: "request failed" },
  unicode: { fields: "id: i, path: foreign[i & 7], ms: times[i & 7]", message: "request completed" },
  escaped: { fields: "id: i, path: dirty[i & 7], ms: times[i & 7]", message: "request completed" },
  "a string of 360": { fields: "id: i, path: long[i & 7], ms: times[i & 7]", message: "request completed" },
};

/** The fields of line `i`, as JSON shows them; an error only by its message. */
export function expected(payload, i) {
  // a text of this file, so that values and source cannot differ
  const make = new Function(
    "i",
    `${declarations} return JSON.parse(JSON.stringify({ ${payloads[payload].fields} }, replacer));
    function replacer(key, value) { return value instanceof Error ? { message: value.message } : value; }`,
  );
  return make(i);
}
