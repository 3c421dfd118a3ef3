/** Asks a running process through its socket. */
import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { socketPath } from "../runtime/control/socket-path.ts";
import type { Answer, Question } from "../runtime/control/socket.ts";
import { Failure } from "./failure.ts";

/** The answer of the process; throws a Failure that says why there is none. */
export async function askProcess(pid: number, question: Question): Promise<Answer> {
  const owner = ownerOf(pid);
  const path = socketPath(owner, pid);
  return new Promise((resolve, reject) => {
    const connection = connect(path);
    let text = "";
    connection.setEncoding("utf8").setTimeout(5000, () => connection.destroy(new Error("no answer after 5 seconds")));
    connection.on("connect", () => connection.write(`${JSON.stringify(question)}\n`));
    connection.on("data", (chunk) => (text += chunk));
    connection.on("error", (error) => reject(new Failure(why(error, pid, owner))));
    connection.on("end", () => {
      try {
        const answer = JSON.parse(text) as Answer;
        if (answer.error === undefined) resolve(answer);
        else reject(new Failure(answer.error));
      } catch {
        reject(new Failure(`process ${pid} gave no answer`));
      }
    });
  });
}

/** The pid of `--pid N`, or of the only argument that is a number. */
export function pidOf(text: string | undefined): number {
  const pid = Number(text);
  if (!Number.isInteger(pid) || pid <= 0) throw new Failure("give a process: --pid N");
  return pid;
}

function ownerOf(pid: number): number {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    // no /proc: then only one's own processes can be asked
    if (!exists(pid)) throw new Failure(`there is no process ${pid}`);
    return process.getuid?.() ?? 0;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function why(error: NodeJS.ErrnoException, pid: number, owner: number): string {
  if (error.code === "EACCES" || error.code === "EPERM") {
    return `refused: process ${pid} belongs to the user ${owner} (${nameOf(owner)}), and only that user may change it`;
  }
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") {
    return `process ${pid} does not listen; start it with DTRACING_LOG_SOCKET=1 and --import dtracing/auto, or use liveFilter(…, { socket: true })`;
  }
  return `process ${pid}: ${error.message}`;
}

function nameOf(uid: number): string {
  try {
    const line = readFileSync("/etc/passwd", "utf8").split("\n").find((one) => one.split(":")[2] === `${uid}`); // prettier-ignore
    return line?.split(":")[0] ?? "unknown";
  } catch {
    return "unknown";
  }
}
