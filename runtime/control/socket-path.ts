/** Where the socket of a process is: in a folder that only its owner can enter. */

/** The folder of a user's sockets. Not below TMPDIR, because another shell may have another one. */
export function socketFolder(uid: number): string {
  return `/tmp/dtracing-${uid}`;
}

/** The socket of a user's process. */
export function socketPath(uid: number, pid: number): string {
  return `${socketFolder(uid)}/${pid}.sock`;
}
