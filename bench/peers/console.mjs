/** console.log, which writes each line at once: JSON.stringify for JSON, its own format for text. */

export async function open() {
  return { log: console, flush() {} };
}

export function statement({ fields, message }, { format }) {
  const text = JSON.stringify(message);
  return format === "text"
    ? `log.log(new Date().toISOString(), "INFO", ${text}, { ${fields} });`
    : `log.log(JSON.stringify({ time: new Date().toISOString(), level: "info", message: ${text}, ${fields} }));`;
}

export function read(text) {
  const { time, level, message, ...fields } = JSON.parse(text);
  return { time, level, message, fields, bound: {} };
}
