/** The local socket that `npx dtracing set` and `get` talk to: one line of JSON each way. */
import type { Connection, Node } from "./node.ts";
import { report } from "../report.ts";
import { node } from "./node.ts";
import { socketFolder, socketPath } from "./socket-path.ts";

/** What is asked: to set a filter, or (without one) for the present one. */
export interface Question {
  readonly set?: string;
}

/** What is answered. */
export interface Answer {
  readonly filter?: string;
  /** The filter that was replaced. */
  readonly before?: string;
  readonly warnings?: readonly string[];
  readonly error?: string;
}

/** The longest question; a connection that says more is ended. */
const longest = 65_536;

/** Listens for questions until the answer is called. The socket and its folder are the owner's alone. */
export function listen(reply: (question: Question) => Answer): () => void {
  const { fs, net, process } = node();
  const uid = process.getuid?.();
  if (uid === undefined) throw new Error("a socket for the owner alone needs Unix");
  const path = socketPath(uid, process.pid);
  ownFolder(fs, socketFolder(uid), uid);
  remove(fs, path);
  const server = net.createServer((connection) => answer(connection, reply));
  server.on("error", (error) => report("socket", `cannot listen on ${path}`, "error", error));
  // for the moment between bind and chmod
  const mask = process.umask(0o177);
  try {
    server.listen(path, () => fs.chmodSync(path, 0o600));
  } finally {
    process.umask(mask);
  }
  server.unref();
  const close = (): void => {
    process.off("exit", close);
    server.close();
    remove(fs, path);
  };
  process.on("exit", close);
  return close;
}

function answer(connection: Connection, reply: (question: Question) => Answer): void {
  let asked = "";
  connection.setEncoding("utf8");
  connection.on("error", () => connection.destroy());
  connection.on("data", (text) => {
    asked += text;
    if (asked.length > longest) return connection.destroy();
    if (!asked.includes("\n")) return;
    let said: Answer;
    try {
      said = reply(JSON.parse(asked) as Question);
    } catch (error) {
      said = { error: (error as Error).message };
    }
    connection.end(`${JSON.stringify(said)}\n`);
  });
}

/** Makes the folder, or checks that it is ours: somebody else could have made it to listen in. */
function ownFolder(fs: Node["fs"], folder: string, uid: number): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  }
  const { uid: owner, mode } = fs.lstatSync(folder);
  if (owner !== uid || (mode & 0o170000) !== 0o040000) throw new Error(`${folder} belongs to somebody else`);
  if ((mode & 0o077) !== 0) fs.chmodSync(folder, 0o700);
}

function remove(fs: Node["fs"], path: string): void {
  try {
    fs.unlinkSync(path);
  } catch {
    // it was not there
  }
}
